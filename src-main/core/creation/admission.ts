import { raceAbort } from './timing.ts';

interface Waiter {
  admit: () => void;
  moved: (ahead: number) => void;
}

/** First come, first served; so many at once. */
export class Admission {
  readonly #slots: number;
  readonly #queue: Waiter[] = [];
  #busy = 0;

  constructor(slots: number) {
    this.#slots = Math.max(slots, 1);
  }

  /**
   * Resolves with a function that gives the slot back. Rejects with the signal's reason when it aborts
   * before. `moved` hears how many are ahead, each time that changes.
   */
  async enter(signal: AbortSignal, moved: (ahead: number) => void): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#busy < this.#slots) {
      this.#busy++;
      return this.#release();
    }
    const admitted = Promise.withResolvers<void>();
    const waiter: Waiter = { admit: admitted.resolve, moved };
    this.#queue.push(waiter);
    moved(this.#queue.length - 1);
    try {
      await raceAbort(admitted.promise, signal);
      return this.#release();
    } catch (error) {
      const index = this.#queue.indexOf(waiter);
      if (index === -1) this.#next();
      else this.#queue.splice(index, 1);
      this.#tellAll();
      throw error;
    }
  }

  #release(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#next();
      this.#tellAll();
    };
  }

  /** A slot goes straight to the next one, so that nobody slips in between. */
  #next(): void {
    const waiter = this.#queue.shift();
    if (waiter) waiter.admit();
    else this.#busy--;
  }

  #tellAll(): void {
    this.#queue.forEach((waiter, ahead) => {
      waiter.moved(ahead);
    });
  }
}
