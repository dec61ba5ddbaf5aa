import type { Gpu } from '../../src-contract/model/gpu.ts';
import { pciAddress } from '../core/domain/pci.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { UsageError } from './usage-error.ts';

export function listGpus(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async (session) => {
    const { call, out } = session;
    const gpus = await call('gpus.list', undefined);
    for (const gpu of gpus) out.record({ id: gpu.address, ...gpu, state: stateOf(gpu) });
    if (gpus.length === 0) out.text('libvirt knows no graphics card on this host.');
    else print(session, gpus);
    return EXIT.done;
  });
}

function print({ berth, out }: Session, gpus: readonly Gpu[]): void {
  out.table(
    ['ADDRESS', 'NAME', 'GROUP', 'DRIVER', 'STATE', 'MACHINE'],
    gpus.map((gpu) => [
      gpu.address,
      gpu.name,
      gpu.iommuGroup === null ? '' : String(gpu.iommuGroup),
      gpu.functions.find(({ address }) => address === gpu.address)?.driver ?? '',
      stateOf(gpu),
      gpu.machineId === null ? '' : (berth.library.peek(gpu.machineId)?.name ?? gpu.machineId),
    ]),
  );
  for (const { address, functions, obstacles } of gpus) {
    const parts = functions.filter((one) => one.address !== address);
    for (const part of parts) out.text(`${address} comes with ${part.address} ${part.product}`);
    for (const { code, message, hint } of obstacles) {
      out.text(`${address} ${code}: ${message}`);
      out.text(`    ${hint}`);
    }
  }
}

function stateOf({ obstacles }: Gpu): 'free' | 'in-use' | 'blocked' {
  if (obstacles.some(({ code }) => code !== 'claimed')) return 'blocked';
  return obstacles.length > 0 ? 'in-use' : 'free';
}

interface GpuChoice {
  gpus: string[];
  roms: { address: string; file: string }[];
}

/** `01:00.0` or `0000:01:00.0,rom=/path`. Throws UsageError. */
export function parseGpus(texts: readonly string[]): GpuChoice {
  const choice: GpuChoice = { gpus: [], roms: [] };
  for (const text of texts) {
    const [first = '', ...settings] = text.split(',');
    const address = pciAddress(first);
    if (address === null) {
      throw new UsageError(`--gpu is an address such as 0000:01:00.0, not "${first}".`);
    }
    choice.gpus.push(address);
    for (const setting of settings) {
      const [, file] = /^rom=(\/.*)$/.exec(setting) ?? [];
      if (file === undefined) {
        throw new UsageError(`--gpu knows rom=/path after the address, not "${setting}".`);
      }
      choice.roms.push({ address, file });
    }
  }
  return choice;
}
