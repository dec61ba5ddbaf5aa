import { BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Clock } from '../ports/system.ts';
import { raceAbort } from './timing.ts';

export function isConnectionError(error: unknown): boolean {
  return error instanceof BerthError && error.code === 'libvirt_unreachable';
}

/** Whether libvirt can be asked at present, as the hypervisor port tells it. */
export class Connection {
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #up = true;
  #next = Promise.withResolvers<void>();

  constructor(hypervisor: Hypervisor, clock: Clock) {
    this.#clock = clock;
    this.#unsubscribe = hypervisor.subscribe((event) => {
      if (event.kind !== 'connection') return;
      this.#up = event.state === 'connected';
      if (!this.#up) return;
      this.#next.resolve();
      this.#next = Promise.withResolvers();
    });
  }

  get up(): boolean {
    return this.#up;
  }

  /** Resolves when the connection is made the next time. */
  next(signal: AbortSignal): Promise<void> {
    return raceAbort(this.#next.promise, signal);
  }

  /** True at once while connected, else true or false after at most `ms`. */
  async waitUp(ms: number, signal: AbortSignal): Promise<boolean> {
    if (this.#up) return true;
    const done = new AbortController();
    const timer = this.#clock.sleep(ms, AbortSignal.any([done.signal, signal]));
    try {
      await Promise.race([this.#next.promise, timer]);
    } finally {
      timer.catch(() => undefined);
      done.abort();
    }
    return this.#up;
  }

  close(): void {
    this.#unsubscribe();
  }
}
