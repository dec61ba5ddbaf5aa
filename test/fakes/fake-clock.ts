import type { Clock } from '../../src-main/core/ports/system.ts';

interface Timer {
  at: number;
  fire: () => void;
}

const EPOCH = Date.UTC(2030, 0, 1);
/** Turns of the event loop without a result after which everybody is taken to wait for the clock. */
const IDLE_TURNS = 12;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return EPOCH + Math.round(this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer: Timer = {
        at: this.#now + ms,
        fire: () => {
          this.#timers.delete(timer);
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#timers.delete(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timers.add(timer);
    });
  }

  /** Sleepers that nobody has woken or aborted. */
  get sleepers(): number {
    return this.#timers.size;
  }

  /** Lets everything happen that happens without time. */
  async settle(): Promise<void> {
    for (let i = 0; i < IDLE_TURNS; i++) await turn();
  }

  /** Moves time, waking sleepers in their order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (;;) {
      const next = this.#next();
      if (next === undefined || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      await this.settle();
    }
    this.#now = end;
  }

  /** Moves time as far as it takes, at most `limitMs`; throws when the promise is still open then. */
  async run<T>(promise: Promise<T>, limitMs = 10 * 60_000): Promise<T> {
    let open = true;
    const close = () => {
      open = false;
    };
    promise.then(close, close);
    const end = this.#now + limitMs;
    await this.settle();
    while (open) {
      const next = this.#next();
      if (next === undefined || next.at > end)
        throw new Error('it waits for something else than time');
      this.#now = Math.max(this.#now, next.at);
      next.fire();
      await this.settle();
    }
    return promise;
  }

  #next(): Timer | undefined {
    return [...this.#timers].sort((a, b) => a.at - b.at)[0];
  }
}
