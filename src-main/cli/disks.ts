import type { Machine } from '../../src-contract/model/machine.ts';
import { findMachine } from './find-machine.ts';
import { toRecord } from './machines.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { formatSize, parseSize } from './sizes.ts';

export function listDisks(ref: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async (session) => {
    const { out } = session;
    for (const disk of await disksOf(session, findMachine(session.berth.library.list(), ref))) {
      const { target, source, capacityBytes, allocationBytes, removable = false } = disk;
      out.record({ id: target, name: source, ...disk, removable });
      const size = (bytes: number | null) => (bytes === null ? '–' : formatSize(bytes));
      const sizes = `${size(capacityBytes).padEnd(10)}${size(allocationBytes).padEnd(10)}`;
      out.text(`${target.padEnd(5)}${sizes}${source ?? 'empty'}${removable ? '' : '  (stays)'}`);
    }
    return EXIT.done;
  });
}

async function disksOf({ call }: Session, { id }: Machine) {
  const { disks } = await call('machines.details', { machineId: id });
  return disks.filter(({ device }) => device === 'disk');
}

export interface AddDiskOptions extends GlobalOptions {
  size: string;
  pool?: string;
}

/** A plain number is of GiB here: nobody wants a disk of so many bytes. */
const sizeOf = (text: string): number => parseSize(/^\d+$/.test(text.trim()) ? `${text}GiB` : text);

export function addDisk(ref: string, options: AddDiskOptions): Promise<number> {
  return withBerth(options, { connection: 'required' }, async ({ berth, call, out }) => {
    const capacityBytes = sizeOf(options.size);
    const { id, name } = findMachine(berth.library.list(), ref);
    const disk = await call('machines.addDisk', {
      machineId: id,
      capacityBytes,
      ...(options.pool !== undefined && { pool: options.pool }),
    });
    out.record({ type: 'result', machine: toRecord(berth.library.get(id)), disk });
    const since = disk.effect === 'now' ? '' : ', from the next start on';
    const note = disk.note === undefined ? '' : `\n  ${disk.note}`;
    out.text(`${name}: ${disk.target} with ${formatSize(capacityBytes)}${since}.${note}`);
    return EXIT.done;
  });
}

export function removeDisk(args: string[], options: GlobalOptions): Promise<number> {
  const [ref = '', target = ''] = args;
  return withBerth(options, { connection: 'required' }, async (session) => {
    const { berth, call, out } = session;
    const { id, name } = findMachine(berth.library.list(), ref);
    await call('machines.removeDisk', { machineId: id, target });
    out.record({ type: 'result', machine: toRecord(berth.library.get(id)), removed: target });
    out.text(`${name}: ${target} is gone with all that was on it.`);
    return EXIT.done;
  });
}
