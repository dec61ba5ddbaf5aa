import { TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import { type CreationService, filtering } from '../creation/index.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { MachineRecord, MachineVolume, Store } from '../ports/repositories.ts';
import type { Log } from '../ports/system.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineLibrary } from './machines.ts';

export interface DeleteDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
  store: Pick<Store, 'machines' | 'creations' | 'filters'>;
  creations: Pick<CreationService, 'cancel' | 'settled'>;
  queue: KeyedQueue;
  log: Log;
}

const UNDO_PATIENCE_MS = 180_000;

/**
 * Removes a machine with everything that is its own, verified, the record last.
 * Rejects with `machine_external`, `machine_missing`, or `delete_incomplete` (the record stays and it can be tried again).
 */
export function createDeleter(deps: DeleteDeps): (machineId: string) => Promise<void> {
  return (machineId) =>
    deps.queue.run(machineId, 'delete', async () => {
      const record = ownRecord(deps, machineId);
      if (await cancelCreation(deps, record)) return;
      try {
        await removeDomain(deps, record);
        await filtering.removeFilter(deps, { kind: 'machine', id: record.id });
        for (const volume of deps.store.machines.volumes(record.id)) {
          await removeVolume(deps, record, volume);
        }
      } catch (error) {
        throw keepForRetry(deps, record, error);
      }
      deps.store.creations.clearSecret(record.creationId);
      deps.store.machines.remove(record.id);
      deps.library.machineChanged(record.id);
    });
}

function ownRecord(deps: DeleteDeps, machineId: string): MachineRecord {
  const record = deps.store.machines.get(machineId);
  if (record !== null) return record;
  const { name } = deps.library.get(machineId);
  throw new BerthError('machine_external', `${name} belongs to another tool.`, {
    hint: 'Berth deletes only machines that it made. Remove it where it was made, for example with virsh undefine.',
  });
}

/** A creation that has not ended is cancelled instead, which undoes it. False when there is something left to delete. */
async function cancelCreation(deps: DeleteDeps, record: MachineRecord): Promise<boolean> {
  const row = deps.store.creations.get(record.creationId);
  if (row === null || TERMINAL_CREATION_STATES.includes(row.creation.state)) return false;
  await deps.creations.cancel(record.creationId).catch(unlessEnded);
  const patience = AbortSignal.timeout(UNDO_PATIENCE_MS);
  const { state } = await deps.creations.settled(record.creationId, 'ready', patience);
  if (!TERMINAL_CREATION_STATES.includes(state)) {
    throw new BerthError('undo_pending', `${record.name} could not be removed yet.`, {
      hint: 'Berth goes on with it when libvirt is there again.',
      retryable: true,
    });
  }
  return deps.store.machines.get(record.id) === null;
}

/** It may end while it is asked to. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof BerthError) || error.code !== 'creation_ended') throw error;
}

async function removeDomain({ hypervisor }: DeleteDeps, record: MachineRecord): Promise<void> {
  const ref = { uuid: record.domainUuid };
  const domain = await hypervisor.findDomain(ref);
  if (domain === null) return;
  if (domain.metadata !== null && domain.metadata.machineId !== record.id) {
    throw new BerthError('domain_not_ours', `Domain ${domain.name} belongs to another machine.`);
  }
  await hypervisor.destroyDomain(record.domainUuid);
  await hypervisor.undefineDomain(record.domainUuid);
  if ((await hypervisor.findDomain(ref)) !== null) {
    throw new BerthError('domain_still_there', `libvirt still has the domain ${domain.name}.`);
  }
}

async function removeVolume(
  { hypervisor, store }: DeleteDeps,
  record: MachineRecord,
  { pool, name }: MachineVolume,
): Promise<void> {
  if (!isShared(store, record.id, pool, name)) {
    await hypervisor.deleteVolume(pool, name);
    if ((await hypervisor.findVolume(pool, name)) !== null) {
      throw new BerthError('volume_still_there', `The volume ${name} is still in pool ${pool}.`);
    }
  }
  store.machines.removeVolume(record.id, pool, name);
}

/** Kernel and initrd of equal content are one volume for all machines that boot them. */
function isShared(store: DeleteDeps['store'], machineId: string, pool: string, name: string) {
  return store.machines
    .list()
    .filter((other) => other.id !== machineId)
    .some((other) =>
      store.machines.volumes(other.id).some((v) => v.pool === pool && v.name === name),
    );
}

function keepForRetry(deps: DeleteDeps, record: MachineRecord, error: unknown): BerthError {
  const cause = toBerthError(error);
  deps.log.error('a deletion did not finish', { machineId: record.id, error });
  deps.store.machines.update(record.id, { deleteFailed: true });
  deps.library.machineChanged(record.id);
  return new BerthError('delete_incomplete', `${record.name} could not be deleted completely.`, {
    cause,
    hint: cause.hint ?? 'Delete it again to remove what is left.',
    retryable: true,
  });
}
