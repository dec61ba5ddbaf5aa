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
  if (found.metadata?.machineId !== effect.machineId) {
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
  { hypervisor }: UndoDeps,
  options: UndoOptions,
): Promise<Undone> {
  const { pool, name } = effect;
  const call = callOptions(options);
  const gone: Undone = { kind: 'volume', name, verified: true };
  const found = await hypervisor.findPool(pool, call);
  if (found === null) return gone;
  if (!found.active) await hypervisor.startPool(pool, call);
  if ((await hypervisor.findVolume(pool, name, call)) === null) return gone;
  await hypervisor.deleteVolume(pool, name, call);
  if ((await hypervisor.findVolume(pool, name, call)) !== null) throw stillThere('volume', name);
  return gone;
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
  const found = await hypervisor.findNwFilter(name, call);
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
