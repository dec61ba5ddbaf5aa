import type { LogLine } from '../../../src-contract/model/creation.ts';
import type { Stage as StageName } from '../../../src-contract/model/stage.ts';
import type { CreationRecord } from './record.ts';
import { raceAbort } from './timing.ts';

/** Cancel, time limit, log and progress of a stage travel as one argument. */
export interface Progress {
  /** Aborts with CancelledError, or with AbandonedError when the process leaves. */
  readonly signal: AbortSignal;
  /** Monotonic milliseconds after which the stage counts as slow. It is told, not ended. */
  readonly deadline: number;
  log(text: string, level?: LogLine['level']): void;
  /** `fraction` 0..1 where it is known. */
  report(fraction?: number | null, message?: string): void;
  /** Runs a call that only looks. It is cut off on abort, and not waited for. */
  ask<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /**
   * Runs a call that changes something outside. It rejects at once on abort, but the call itself is not cut off:
   * libvirt would finish it anyway, and only its real end tells the rollback that everything is there to be found.
   */
  act<T>(call: () => Promise<T>): Promise<T>;
}

interface ProgressOptions {
  stage: StageName;
  signal: AbortSignal;
  deadline: number;
  record: CreationRecord;
  /** Calls under way; whoever rolls back waits for them first. */
  pending: Set<Promise<unknown>>;
}

export function createProgress(options: ProgressOptions): Progress {
  const { stage, signal, deadline, record, pending } = options;
  return {
    signal,
    deadline,
    log: (text, level = 'info') => record.log(stage, level, text),
    report: (fraction = null, message) => record.report(stage, fraction, message),
    ask: async (call) => {
      signal.throwIfAborted();
      return raceAbort(call(signal), signal);
    },
    act: async (call) => {
      signal.throwIfAborted();
      const promise = call();
      pending.add(promise);
      const forget = () => pending.delete(promise);
      promise.then(forget, forget);
      return raceAbort(promise, signal);
    },
  };
}
