import { BerthError } from '../errors.ts';
import type { Hypervisor, VolumeFacts } from '../ports/hypervisor.ts';
import type { MachineRecord, MachineVolume, Store } from '../ports/repositories.ts';

interface Deps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines'>;
}

/**
 * Disks that a machine uses and that lie, whatever is between, on a volume of its own: what `virsh snapshot-create-as
 * --disk-only` puts on a disk. They are the machine's, as nothing but it can read them.
 */
export async function findOverlays(deps: Deps, record: MachineRecord): Promise<MachineVolume[]> {
  const { hypervisor, store } = deps;
  const own = store.machines.volumes(record.id);
  const paths = await diskPaths(hypervisor, record.domainUuid);
  if (own.length === 0 || paths.length === 0) return [];
  const volumes: VolumeFacts[] = [];
  for (const pool of new Set(own.map((volume) => volume.pool))) {
    const known = await hypervisor.findPool(pool);
    // QEMU made them without the pool, which lists them once it is read again.
    if (known?.active) await hypervisor.ensurePool(pool);
    if (known?.active) volumes.push(...(await hypervisor.listVolumes(pool)));
  }
  const byPath = new Map(volumes.map((volume) => [volume.path, volume]));
  const isOwn = (volume: VolumeFacts) =>
    own.some(({ pool, name }) => pool === volume.pool && name === volume.name);
  return paths.flatMap((path) => {
    const overlays = aboveOwn(path, byPath, isOwn);
    return overlays.map(({ pool, name }) => ({ pool, name, role: 'disk' as const }));
  });
}

/** The volumes of a chain down to the first that is the machine's own; none when there is no such. */
function aboveOwn(
  path: string,
  byPath: ReadonlyMap<string, VolumeFacts>,
  isOwn: (volume: VolumeFacts) => boolean,
): VolumeFacts[] {
  const chain: VolumeFacts[] = [];
  for (let volume = byPath.get(path); volume !== undefined && !chain.includes(volume); ) {
    if (isOwn(volume)) return chain;
    chain.push(volume);
    volume = volume.backing === null ? undefined : byPath.get(volume.backing.path);
  }
  return [];
}

async function diskPaths(hypervisor: Hypervisor, uuid: string): Promise<string[]> {
  try {
    const disks = await hypervisor.domainDisks(uuid);
    return disks.flatMap(({ device, path }) => (device === 'disk' && path !== null ? [path] : []));
  } catch (error) {
    if (error instanceof BerthError && error.code === 'domain_missing') return [];
    throw error;
  }
}
