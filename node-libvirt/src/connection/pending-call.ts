import type { Buffer } from 'node:buffer';
import type { AnyProcedure } from '../wire/procedure.ts';
import { type CallOptions, DEFAULT_TIMEOUT_MS } from './call-options.ts';
import { TimeoutError } from './errors.ts';

interface PendingCallSpec {
  readonly procedure: AnyProcedure;
  readonly serial: number;
  /** What it changes, when calls for that are kept in order. */
  readonly object: string | null;
  readonly options: CallOptions;
  /** Takes the payload of a reply whose status is OK; may throw. */
  readonly onReply: (payload: Buffer) => void;
  readonly onFailure: (error: unknown) => void;
  /** The caller no longer waits (timeout, abort); the daemon may. */
  readonly onGiveUp: (call: PendingCall) => void;
}

/**
 * One call from its making to its reply. After a timeout or an abort its caller has been told, yet
 * the daemon still works on it: it stays as a *zombie* that keeps its slot until the reply comes.
 */
export class PendingCall {
  readonly procedure: AnyProcedure;
  readonly serial: number;
  readonly object: string | null;
  /** Whether the packet has left; before that nothing has happened anywhere. */
  sent = false;
  readonly #spec: PendingCallSpec;
  #settled = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(spec: PendingCallSpec) {
    this.#spec = spec;
    this.procedure = spec.procedure;
    this.serial = spec.serial;
    this.object = spec.object;
    const timeoutMs = spec.options.timeoutMs ?? DEFAULT_TIMEOUT_MS[spec.procedure.lane];
    if (timeoutMs > 0) {
      this.#timer = setTimeout(() => this.#onTimeout(timeoutMs), Math.min(timeoutMs, 0x7fff_ffff));
    }
    spec.options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get isZombie(): boolean {
    return this.#settled;
  }

  succeed(payload: Buffer): void {
    if (!this.#settle()) return;
    try {
      this.#spec.onReply(payload);
    } catch (error) {
      this.#spec.onFailure(error);
    }
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#spec.onFailure(error);
  }

  readonly #onAbort = (): void => {
    this.fail(this.#spec.options.signal?.reason);
    this.#spec.onGiveUp(this);
  };

  #onTimeout(timeoutMs: number): void {
    this.fail(new TimeoutError(this.procedure.name, timeoutMs, this.sent));
    this.#spec.onGiveUp(this);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#spec.options.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
