import { BerthError } from '../errors.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { MachineLibrary } from './machines.ts';

interface Deps {
  store: Pick<Store, 'machines'>;
  library: Pick<MachineLibrary, 'get'>;
}

/** Throws `machine_external` for another tool's domain, `machine_missing` when there is none. */
export function ownRecord(
  { store, library }: Deps,
  machineId: string,
  hint: string,
): MachineRecord {
  const record = store.machines.get(machineId);
  if (record !== null) return record;
  const { name } = library.get(machineId);
  throw new BerthError('machine_external', `${name} belongs to another tool.`, { hint });
}
