import { BerthError, CancelledError } from '../errors.ts';
import type { Admission, Wait } from './admission.ts';
import { admit } from './admit.ts';
import { isConnectionError } from './connection.ts';
import type { StageContext } from './context.ts';
import { createProgress } from './progress.ts';
import { beginRollback, endRollback, undoAll } from './rollback.ts';
import { AbandonedError, runStages, subject } from './saga.ts';
import { BUILD_STAGES, WATCH } from './stages/index.ts';
import { destroySeed } from './stages/ready.ts';
import { GuestFailedError, setProvisioning } from './watch.ts';

const RETRY_MS = 1000;
const RETRY_MAX_MS = 60_000;

/** Where a run begins: a new creation, a machine taken over while it provisions, or one to be undone. */
export type Entrance =
  | { kind: 'build'; admission: Admission }
  | { kind: 'watch' }
  | { kind: 'undo'; reason: unknown };

/** One creation at work in this process, from the queue to its end. */
export class CreationRun {
  readonly ctx: StageContext;
  /** Resolves, never rejects, when this process does nothing more for the creation. */
  readonly done: Promise<void>;
  readonly #cancel = new AbortController();
  readonly #leave = new AbortController();
  readonly #onParked: () => void;
  readonly #onFreed: () => void;
  #wake = Promise.withResolvers<void>();

  constructor(
    ctx: StageContext,
    entrance: Entrance,
    tell: { parked: () => void; freed: () => void },
  ) {
    this.ctx = ctx;
    this.#onParked = tell.parked;
    this.#onFreed = tell.freed;
    this.done = this.#main(entrance).catch((error: unknown) => {
      this.ctx.record.stop();
      this.ctx.channel?.close();
      if (error instanceof AbandonedError) return;
      this.ctx.deps.log.error('a creation stopped', subject(this.ctx, error));
    });
  }

  /** Undoing could not finish and waits for the connection or for `retryNow`. */
  parked = false;

  cancel(): void {
    this.#cancel.abort(new CancelledError());
  }

  /** Stops without undoing; recovery goes on from here. */
  abandon(): void {
    this.#leave.abort(new AbandonedError());
  }

  retryNow(): void {
    this.#wake.resolve();
  }

  get #signal(): AbortSignal {
    return AbortSignal.any([this.#leave.signal, this.#cancel.signal]);
  }

  async #main(entrance: Entrance): Promise<void> {
    // The caller learns the ids before anything outside the database happens.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      if (entrance.kind === 'undo') throw entrance.reason;
      if (entrance.kind === 'build') await this.#build(entrance.admission);
      await this.#provision();
    } catch (error) {
      if (error instanceof AbandonedError) throw error;
      await this.#undo(error);
    }
  }

  async #build(admission: Admission): Promise<void> {
    const { ctx } = this;
    const signal = this.#signal;
    const { creationId } = ctx.identity;
    const { priority } = ctx.record.value.input;
    const ticket = { creationId, priority };
    await admission.enter(
      ticket,
      () => admit(ctx),
      signal,
      (wait) => this.#waiting(wait),
    );
    const startedAt = ctx.deps.clock.now();
    ctx.record.patch({ state: 'running', startedAt, waitingFor: null, queuePlace: null });
    ctx.record.flush('vms.create_started');
    await runStages(ctx, BUILD_STAGES, signal);
    this.#started();
  }

  #waiting({ ahead, reason }: Wait): void {
    const others = ahead === 0 ? '' : `, with ${ahead} more before it in the queue`;
    const waitingFor = `${reason}${others}`;
    if (this.ctx.record.value.waitingFor === waitingFor) return;
    this.ctx.record.patch({ waitingFor, queuePlace: ahead });
    this.ctx.record.flush();
  }

  /** The point of no silent return: from here on a crash of Berth adopts the machine instead of undoing it. */
  #started(): void {
    const { deps, record, identity, spec } = this.ctx;
    record.patch({ state: 'provisioning' });
    const boot = spec?.installer?.boot ?? 'medium';
    const installs = boot !== 'medium' && spec?.readiness === 'progress';
    if (!installs) record.mark('install', 'skipped');
    const waiting = installs ? 'installing' : 'first-boot';
    record.log('start', 'info', 'The machine runs');
    deps.store.machines.update(identity.machineId, {
      provisioning: spec?.readiness === 'progress' ? waiting : 'none',
      notes: spec?.notes ?? [],
    });
    deps.store.reservations.release(identity.creationId);
    record.flush('vms.create_completed');
    deps.machineChanged(identity.machineId);
    this.#onFreed();
  }

  async #provision(): Promise<void> {
    const { ctx } = this;
    for (let pause = RETRY_MS; ; pause = Math.min(pause * 2, RETRY_MAX_MS)) {
      try {
        await runStages(ctx, WATCH, this.#signal);
        return this.#complete();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (error instanceof GuestFailedError) return await this.#guestFailed(error);
        if (error instanceof BerthError && error.code === 'domain_missing') {
          return this.#machineGone(error);
        }
        // The guest is fine; only the tidying up after it did not work.
        ctx.record.log(ctx.record.value.stage, 'warn', `${String(error)}; trying again`);
        await this.#pause(pause, isConnectionError(error));
      }
    }
  }

  async #pause(ms: number, forConnection: boolean): Promise<void> {
    const signal = this.#signal;
    const { connection, deps } = this.ctx.shared;
    if (forConnection && !connection.up) await connection.next(signal);
    else await deps.clock.sleep(ms, signal);
  }

  #complete(): void {
    const { deps, record } = this.ctx;
    record.patch({ state: 'completed', endedAt: deps.clock.now() });
    record.log('ready', 'info', 'Ready');
    record.flush();
    record.stop();
    deps.log.info('a machine is ready', subject(this.ctx));
  }

  async #guestFailed(error: GuestFailedError): Promise<void> {
    const { ctx } = this;
    setProvisioning(ctx, 'failed');
    const { record, pending } = ctx;
    const stage = record.value.stage;
    const deadline = ctx.deps.clock.monotonic();
    const signal = this.#signal;
    await destroySeed(ctx, createProgress({ stage, signal, deadline, record, pending })).catch(
      (reason: unknown) => {
        signal.throwIfAborted();
        record.log(stage, 'warn', `The seed medium is still there: ${String(reason)}`);
      },
    );
    this.#fail(error);
  }

  #machineGone(error: BerthError): void {
    const { deps, identity } = this.ctx;
    const deleted = deps.store.machines.get(identity.machineId) === null;
    if (deleted) this.ctx.record.patch({ cancelRequested: true });
    this.#fail(error);
  }

  /** Ends the creation and leaves the machine as it is. */
  #fail(error: BerthError): void {
    const { deps, record } = this.ctx;
    const stage = record.value.stage;
    error.stage = stage;
    record.setError(error.toData());
    record.leave(stage, 'failed', error.message);
    const cancelled = record.value.cancelRequested;
    record.patch({ state: cancelled ? 'cancelled' : 'failed', endedAt: deps.clock.now() });
    record.flush(cancelled ? 'vms.create_cancelled' : 'vms.create_failed');
    record.stop();
  }

  async #undo(reason: unknown): Promise<void> {
    const { ctx } = this;
    const signal = this.#leave.signal;
    try {
      beginRollback(ctx, reason);
      while (!(await this.#undone(signal))) {
        this.#giveSlotBack();
        await this.#park(signal);
      }
    } finally {
      this.#onFreed();
    }
  }

  /** Whatever it made and still holds must not keep others from going on. */
  #giveSlotBack(): void {
    const { deps, identity } = this.ctx;
    try {
      deps.store.reservations.hold(identity.creationId);
    } catch (error) {
      deps.log.warn('a slot was not given back', subject(this.ctx, error));
    }
    this.#onFreed();
  }

  /** A database that fails must not end the undoing: it is tried again like everything else. */
  async #undone(signal: AbortSignal): Promise<boolean> {
    try {
      const clean = await undoAll(this.ctx, signal);
      if (clean) endRollback(this.ctx);
      else this.ctx.record.flush();
      return clean;
    } catch (error) {
      signal.throwIfAborted();
      this.ctx.deps.log.error('a rollback was interrupted', subject(this.ctx, error));
      return false;
    }
  }

  async #park(signal: AbortSignal): Promise<void> {
    this.parked = true;
    this.#wake = Promise.withResolvers();
    this.#onParked();
    const again = this.ctx.shared.connection.next(signal);
    try {
      await Promise.race([again, this.#wake.promise]);
    } finally {
      again.catch(() => undefined);
      this.parked = false;
    }
  }
}
