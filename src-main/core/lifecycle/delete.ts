import { type Creation, TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import { type CreationService, undoEffect } from '../creation/index.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Effect, MachineRecord, Store } from '../ports/repositories.ts';
import type { Log } from '../ports/system.ts';
import { findOverlays } from './delete-overlays.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineLibrary } from './machines.ts';
import { ownRecord } from './own-record.ts';

export interface DeleteDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
  store: Pick<Store, 'machines' | 'creations' | 'filters' | 'journal' | 'media' | 'reservations'>;
  creations: Pick<CreationService, 'cancel' | 'settled'>;
  queue: KeyedQueue;
  log: Log;
}

const UNDO_PATIENCE_MS = 180_000;
const EXTERNAL_HINT =
  'Berth deletes only machines that it made or adopted. Remove it where it was made, for example with virsh undefine.';

/**
 * Removes a machine with everything that is its own, as the undo of its creation does: the domain with snapshots,
 * firmware settings, TPM state and saved memory, its volumes with the overlays that others put on them, its filter,
 * and, with the record, what it has claimed. Each is looked for afterwards; the record goes last.
 * Rejects with `machine_external`, `machine_missing`, or `delete_incomplete` (the record stays and it can be tried again).
 */
export function createDeleter(deps: DeleteDeps): (machineId: string) => Promise<void> {
  return (machineId) =>
    deps.queue.run(machineId, 'delete', async () => {
      const record = ownRecord(deps, machineId, EXTERNAL_HINT);
      if (await cancelCreation(deps, record)) return;
      try {
        await removeAll(deps, record);
      } catch (error) {
        throw keepForRetry(deps, record, error);
      }
      deps.store.creations.clearSecret(record.creationId);
      markUndone(deps, record);
      deps.store.machines.remove(record.id);
      deps.library.machineChanged(record.id);
    });
}

/** A creation that has not ended is cancelled instead, which undoes it. False when there is something left to delete. */
async function cancelCreation(deps: DeleteDeps, record: MachineRecord): Promise<boolean> {
  const row = deps.store.creations.get(record.creationId);
  if (row === null || isOver(row.creation)) return false;
  await deps.creations.cancel(record.creationId).catch(unlessEnded);
  const patience = AbortSignal.timeout(UNDO_PATIENCE_MS);
  if (!isOver(await deps.creations.settled(record.creationId, 'ready', patience))) {
    throw new BerthError('undo_pending', `${record.name} could not be removed yet.`, {
      hint: 'Berth goes on with it when libvirt is there again.',
      retryable: true,
    });
  }
  return deps.store.machines.get(record.id) === null;
}

const isOver = ({ state }: Creation): boolean => TERMINAL_CREATION_STATES.includes(state);

/** It may end while it is asked to. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof BerthError) || error.code !== 'creation_ended') throw error;
}

async function removeAll(deps: DeleteDeps, record: MachineRecord): Promise<void> {
  const { store } = deps;
  tell(deps, record, 'its definition');
  for (const overlay of await findOverlays(deps, record)) {
    store.machines.addVolume(record.id, overlay);
  }
  await remove(deps, record, domainEffect(record));
  const filter = store.filters.get({ kind: 'machine', id: record.id });
  if (filter !== null) {
    const { name, uuid, owner } = filter;
    await remove(deps, record, { kind: 'nwfilter', name, uuid, owner });
  }
  for (const { pool, name, role } of store.machines.volumes(record.id)) {
    tell(deps, record, `the volume ${name}`);
    await remove(deps, record, { kind: 'volume', pool, name, role });
    store.machines.removeVolume(record.id, pool, name);
  }
}

const domainEffect = ({ id, domainUuid, domainName }: MachineRecord): Effect => ({
  kind: 'domain',
  uuid: domainUuid,
  name: domainName,
  machineId: id,
});

async function remove(deps: DeleteDeps, record: MachineRecord, effect: Effect): Promise<void> {
  const { id: machineId, creationId } = record;
  const undone = await undoEffect(effect, deps, { machineId, creationId, recorded: true });
  if (undone.verified || effect.kind !== 'domain') return;
  throw new BerthError('domain_not_ours', `Domain ${undone.name} belongs to another machine.`);
}

/** What the journal of its creation names is gone; a thing of the same name that comes later is somebody else's. */
function markUndone({ store }: DeleteDeps, { creationId }: MachineRecord): void {
  for (const { id, effect, state } of store.journal.entries(creationId)) {
    const stays =
      effect.kind === 'pool' || (effect.kind === 'nwfilter' && effect.owner.kind === 'department');
    if (!stays && state !== 'undone') store.journal.mark(id, 'undone');
  }
}

function tell({ library }: DeleteDeps, { id }: MachineRecord, what: string): void {
  const message = `It is being deleted: ${what} is removed.`;
  library.setNotes(id, [{ code: 'deleting', severity: 'info', message }]);
}

function keepForRetry(deps: DeleteDeps, record: MachineRecord, error: unknown): BerthError {
  const cause = toBerthError(error);
  deps.log.error('a deletion did not finish', { machineId: record.id, error });
  deps.store.machines.update(record.id, { deleteFailed: true });
  deps.library.setNotes(record.id, []);
  deps.library.machineChanged(record.id);
  return new BerthError('delete_incomplete', `${record.name} could not be deleted completely.`, {
    cause,
    hint: cause.hint ?? 'Delete it again to remove what is left.',
    retryable: true,
  });
}
