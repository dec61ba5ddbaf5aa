import type { Undone } from '../../../src-contract/model/creation.ts';
import { assertNever, BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Effect, Store } from '../ports/repositories.ts';

interface UndoDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'reservations' | 'media' | 'journal' | 'machines' | 'filters'>;
}

interface UndoOptions {
  signal?: AbortSignal;
  /** The creation whose effect it is; its own reservation does not keep a pool alive. */
  creationId?: string;
  /** The machine whose effect it is; what others own as well stays. */
  machineId?: string;
  /** Whether a record names the domain's UUID, so that it is ours even when somebody took the mark from it. */
  recorded?: boolean;
}

/**
 * Removes what an effect made, if it is there and ours, and looks again to prove that it is gone. Idempotent.
 * Rejects with the hypervisor's error, or `undo_incomplete` when the thing is still there afterwards.
 */
export function undoEffect(
  effect: Effect,
  deps: UndoDeps,
  options: UndoOptions = {},
): Promise<Undone> {
  switch (effect.kind) {
    case 'domain':
      return undoDomain(effect, deps, options);
    case 'volume':
      return undoVolume(effect, deps, options);
    case 'pool':
      return undoPool(effect, deps, options);
    case 'nwfilter':
      return undoFilter(effect, deps, options);
    default:
      return assertNever(effect);
  }
}

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

const callOptions = ({ signal }: UndoOptions) => (signal ? { signal } : {});

function stillThere(kind: string, name: string): BerthError {
  return new BerthError('undo_incomplete', `The ${kind} “${name}” is still there.`, {
    retryable: true,
  });
}

async function undoDomain(
  effect: Of<'domain'>,
  { hypervisor }: UndoDeps,
  options: UndoOptions,
): Promise<Undone> {
  const { uuid, name } = effect;
  const call = callOptions(options);
  const found = await hypervisor.findDomain({ uuid }, call);
  if (found === null) return { kind: 'domain', name, verified: true };
  const mark = found.metadata?.machineId ?? null;
  if (mark !== effect.machineId && !(mark === null && options.recorded)) {
    const detail = 'A domain with this UUID does not carry the machine’s mark; it was left alone.';
    return { kind: 'domain', name, verified: false, detail };
  }
  await hypervisor.destroyDomain(uuid, call);
  await hypervisor.undefineDomain(uuid, call);
  if ((await hypervisor.findDomain({ uuid }, call)) !== null) throw stillThere('domain', name);
  return { kind: 'domain', name, verified: true };
}

async function undoVolume(
  effect: Of<'volume'>,
  { hypervisor, store }: UndoDeps,
  options: UndoOptions,
): Promise<Undone> {
  const { pool, name } = effect;
  const call = callOptions(options);
  const gone: Undone = { kind: 'volume', name, verified: true };
  if (options.machineId !== undefined && isShared(store, options.machineId, effect)) {
    return { kind: 'volume', name, verified: false, detail: 'Kept: another machine uses it.' };
  }
  const found = await hypervisor.findPool(pool, call);
  if (found === null) return gone;
  if (!found.active) await hypervisor.startPool(pool, call);
  if ((await hypervisor.findVolume(pool, name, call)) === null) return gone;
  await hypervisor.deleteVolume(pool, name, call);
  if ((await hypervisor.findVolume(pool, name, call)) !== null) throw stillThere('volume', name);
  return gone;
}

/** Kernel and initrd of equal content can be one volume for all machines that boot them. */
function isShared(
  { machines }: UndoDeps['store'],
  machineId: string,
  { pool, name }: Of<'volume'>,
): boolean {
  return machines
    .list()
    .some(
      ({ id }) =>
        id !== machineId && machines.volumes(id).some((v) => v.pool === pool && v.name === name),
    );
}

/** A department's filter stays while the department has other machines: theirs begin with it. */
async function undoFilter(
  effect: Of<'nwfilter'>,
  { hypervisor, store }: UndoDeps,
  options: UndoOptions,
): Promise<Undone> {
  const { name, uuid, owner } = effect;
  const call = callOptions(options);
  const gone: Undone = { kind: 'nwfilter', name, verified: true };
  const kept = (detail: string): Undone => ({ kind: 'nwfilter', name, verified: false, detail });
  const shared = store.machines
    .list()
    .some((one) => one.departmentId === owner.id && one.creationId !== options.creationId);
  if (owner.kind === 'department' && shared) return kept('Kept: its department has machines.');
  const found = await hypervisor.findNwFilter(name, call).catch(ifUnsupported);
  if (found !== null && found.uuid !== uuid) {
    return kept('A filter of this name has another UUID; it was left alone.');
  }
  if (found !== null) {
    await hypervisor.undefineNwFilter(name, call);
    if ((await hypervisor.findNwFilter(name, call)) !== null) throw stillThere('filter', name);
  }
  if (owner.kind === 'machine') store.filters.remove(owner);
  return gone;
}

/** A connection that has no filters at all has not this one. */
function ifUnsupported(error: unknown): null {
  if (error instanceof BerthError && error.code === 'unsupported') return null;
  throw error;
}

async function undoPool(
  effect: Of<'pool'>,
  { hypervisor, store }: UndoDeps,
  options: UndoOptions,
): Promise<Undone> {
  const { name } = effect;
  const call = callOptions(options);
  const gone: Undone = { kind: 'pool', name, verified: true };
  const found = await hypervisor.findPool(name, call);
  if (found === null) return gone;
  const kept = (detail: string): Undone => ({ kind: 'pool', name, verified: false, detail });
  if (store.media.list().some((media) => media.pool === name)) {
    return kept('Kept: the media library uses it.');
  }
  const others = store.reservations
    .list()
    .filter((other) => other.pool === name && other.creationId !== options.creationId);
  const heir = others[0];
  if (heir !== undefined) {
    // Whoever ends last removes it.
    const entry = store.journal.intend(heir.creationId, 'storage', effect);
    store.journal.mark(entry, 'done');
    return kept('Kept: another creation uses it.');
  }
  if (!found.active) await hypervisor.startPool(name, call);
  if ((await hypervisor.listVolumes(name, call)).length > 0) return kept('Kept: it is not empty.');
  await hypervisor.removePool(name, call);
  if ((await hypervisor.findPool(name, call)) !== null) throw stillThere('pool', name);
  return gone;
}
