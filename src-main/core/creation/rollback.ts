import type { Undone } from '../../../src-contract/model/creation.ts';
import { BerthError, CancelledError, toBerthError } from '../errors.ts';
import type { Effect, JournalEntry } from '../ports/repositories.ts';
import type { StageContext } from './context.ts';
import { subject } from './saga.ts';
import { undoOf } from './stages/index.ts';
import { settledWithin, within } from './timing.ts';

/** How long a rollback waits for calls that were under way when it began; destroying a domain ends its slow start. */
const LATE_RESULTS_MS = 1000;
const UNDO_LIMIT_MS = 30_000;
const RECONNECT_LIMIT_MS = 60_000;
const ATTEMPTS = 4;
const PAUSE_MS = 250;

/** A domain uses its volumes and its filter; a pool holds volumes, and a department's filter its machines' ones. */
const ORDER: Record<Effect['kind'], number> = { domain: 0, volume: 1, nwfilter: 1, pool: 2 };

function orderOf({ effect }: JournalEntry): number {
  const shared = effect.kind === 'nwfilter' && effect.owner.kind === 'department';
  return shared ? ORDER.nwfilter + 1 : ORDER[effect.kind];
}

/** Marks the creation as being undone, and says why. */
export function beginRollback(ctx: StageContext, reason: unknown): void {
  const { record } = ctx;
  const stage = record.value.stage;
  const cancelled = reason instanceof CancelledError;
  const error = toBerthError(reason);
  error.stage ??= stage;
  record.setError(error.toData());
  if (cancelled) record.patch({ cancelRequested: true });
  if (record.stageState(stage) === 'running') record.leave(stage, 'failed', error.message);
  record.patch({ state: 'rolling-back', waitingFor: null, queuePlace: null });
  record.log(stage, cancelled ? 'info' : 'error', error.message);
  try {
    record.flush();
  } catch (failure) {
    ctx.deps.log.error('a rollback could not be recorded', subject(ctx, failure));
  }
  ctx.deps.log.info('a creation is rolled back', { ...subject(ctx), code: error.code });
}

/**
 * Undoes what the journal says, backwards, and proves it. True when nothing is left; false when something
 * could not be undone now: its entry says `leftover`, and calling this again tries again.
 * Rejects only when `signal` aborts.
 */
export async function undoAll(ctx: StageContext, signal: AbortSignal): Promise<boolean> {
  const { clock } = ctx.deps;
  ctx.channel?.close();
  ctx.channel = null;
  const settled = await settledWithin(clock, ctx.pending, LATE_RESULTS_MS);
  const clean = await undoEntries(ctx, signal);
  if (clean && !settled) undoLateResults(ctx, signal);
  return clean;
}

/** What a call brings after its creation has ended is removed as well. */
function undoLateResults(ctx: StageContext, signal: AbortSignal): void {
  const entries = openEntries(ctx, 'all');
  Promise.allSettled([...ctx.pending])
    .then(async () => {
      for (const entry of entries) await undoEntry(ctx, entry, signal);
    })
    .catch((error: unknown) => {
      ctx.deps.log.warn('a late result could not be removed', subject(ctx, error));
    });
}

function openEntries(ctx: StageContext, which: 'open' | 'all'): JournalEntry[] {
  return ctx.deps.store.journal
    .entries(ctx.identity.creationId)
    .filter((entry) => which === 'all' || entry.state !== 'undone')
    .sort((a, b) => orderOf(a) - orderOf(b) || b.id - a.id);
}

async function undoEntries(ctx: StageContext, signal: AbortSignal): Promise<boolean> {
  for (const group of Object.values(Object.groupBy(openEntries(ctx, 'open'), orderOf))) {
    const results = await Promise.allSettled(
      (group ?? []).map((entry) => undoAndRecord(ctx, entry, signal)),
    );
    signal.throwIfAborted();
    const errors = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    // What holds them would be removed in vain, or before them.
    if (errors.length > 0) return leaveRest(ctx);
  }
  return true;
}

async function undoAndRecord(
  ctx: StageContext,
  entry: JournalEntry,
  signal: AbortSignal,
): Promise<void> {
  const { effect, stage } = entry;
  try {
    const undone = await undoEntry(ctx, entry, signal);
    ctx.deps.store.journal.mark(entry.id, 'undone');
    ctx.record.addUndone(undone);
    ctx.record.log(stage, 'info', told(undone));
  } catch (error) {
    signal.throwIfAborted();
    const { kind, name } = effect;
    const detail = toBerthError(error).message;
    ctx.record.addUndone({ kind, name, verified: false, detail });
    ctx.record.log(stage, 'error', `Could not remove ${kind} ${name} yet: ${detail}`);
    ctx.deps.log.warn('an effect could not be undone', subject(ctx, error));
    throw error;
  }
}

function leaveRest(ctx: StageContext): false {
  const { journal } = ctx.deps.store;
  for (const entry of openEntries(ctx, 'open')) journal.mark(entry.id, 'leftover');
  return false;
}

function told({ kind, name, verified, detail }: Undone): string {
  if (verified) return `Removed ${kind} ${name}, and looked: it is gone`;
  return `${kind} ${name}: ${detail ?? 'left alone'}`;
}

/** Tries a few times, and waits for the connection in between. */
async function undoEntry(
  ctx: StageContext,
  entry: JournalEntry,
  signal: AbortSignal,
): Promise<Undone> {
  const { deps } = ctx;
  const { connection } = ctx.shared;
  const undo = undoOf(entry.stage);
  const limit = {
    ms: UNDO_LIMIT_MS,
    code: 'undo_timeout',
    message: `Removing ${entry.effect.kind} ${entry.effect.name} takes too long.`,
    signal,
  };
  for (let attempt = 1; ; attempt++) {
    if (!(await connection.waitUp(RECONNECT_LIMIT_MS, signal))) throw unreachable();
    try {
      return await within(deps.clock, limit, (inner) => undo(entry, { deps, signal: inner }));
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= ATTEMPTS) throw error;
      await deps.clock.sleep(PAUSE_MS * attempt, signal);
    }
  }
}

function unreachable(): BerthError {
  return new BerthError('libvirt_unreachable', 'libvirt cannot be reached.', { retryable: true });
}

/** Frees the name and the resources, and closes the record. */
export function endRollback(ctx: StageContext): void {
  const { deps, record, identity } = ctx;
  const { creationId, machineId } = identity;
  deps.store.filters.remove({ kind: 'machine', id: machineId });
  deps.store.machines.remove(machineId);
  deps.store.reservations.release(creationId);
  const cancelled = record.value.cancelRequested;
  for (const { stage, state } of record.value.stages) {
    if (state === 'done') record.mark(stage, 'undone');
  }
  record.patch({ state: cancelled ? 'cancelled' : 'failed', endedAt: deps.clock.now() });
  record.flush(cancelled ? 'vms.create_cancelled' : 'vms.create_failed');
  record.stop();
  deps.machineChanged(machineId);
  const { state, undone } = record.value;
  deps.log.info('a creation was undone', { ...subject(ctx), state, undone: undone.length });
}
