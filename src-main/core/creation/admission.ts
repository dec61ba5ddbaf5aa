import { toBerthError } from '../errors.ts';
import type { Clock } from '../ports/system.ts';
import { raceAbort } from './timing.ts';

/** A process that dies tells nobody that its slot is free. */
const LOOK_AGAIN_MS = 15_000;

export interface Ticket {
  creationId: string;
  /** Greater is served first; equals in the order in which they came. */
  priority: number;
}

export interface Wait {
  /** Creations that come first, those of other processes included. */
  ahead: number;
  reason: string;
}

/** Takes a slot and the resources, or says why not yet. */
type Ask = () => Promise<Wait | null>;

/** The one order in which creations are served: by priority, else (the sort is stable) as they came. */
export const byPriority = (a: Pick<Ticket, 'priority'>, b: Pick<Ticket, 'priority'>): number =>
  b.priority - a.priority;

interface Waiter {
  ticket: Ticket;
  ask: Ask;
  admit: () => void;
  moved: (wait: Wait) => void;
}

/**
 * The queue of this process. Only the first one asks, so that nobody slips past it; it asks again whenever
 * something may have become free.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #queue: Waiter[] = [];
  readonly #closed = new AbortController();
  #serving = false;
  #again = false;
  #timed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when `ask` has been granted. Rejects with the signal's reason when it aborts before. */
  async enter(
    ticket: Ticket,
    ask: Ask,
    signal: AbortSignal,
    moved: (wait: Wait) => void,
  ): Promise<void> {
    signal.throwIfAborted();
    const admitted = Promise.withResolvers<void>();
    const waiter: Waiter = { ticket, ask, admit: admitted.resolve, moved };
    this.#queue.push(waiter);
    this.#queue.sort((a, b) => byPriority(a.ticket, b.ticket));
    this.poke();
    try {
      await raceAbort(admitted.promise, signal);
    } finally {
      this.#remove(waiter);
    }
  }

  /** Something may have become free. */
  poke(): void {
    this.#again = true;
    if (this.#serving || this.#closed.signal.aborted) return;
    this.#serving = true;
    void this.#serve();
  }

  close(): void {
    this.#closed.abort();
  }

  async #serve(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#serveAll();
    }
    this.#serving = false;
  }

  /** Never rejects: what goes wrong is a reason to wait. */
  async #serveAll(): Promise<void> {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const wait = await first.ask().catch(refused);
      if (wait !== null) {
        this.#tell(wait);
        this.#lookAgain();
        return;
      }
      this.#remove(first);
      first.admit();
    }
  }

  #tell({ ahead, reason }: Wait): void {
    this.#queue.forEach((waiter, index) => {
      waiter.moved({ ahead: ahead + index, reason });
    });
  }

  #remove(waiter: Waiter): void {
    const index = this.#queue.indexOf(waiter);
    if (index === -1) return;
    this.#queue.splice(index, 1);
    this.poke();
  }

  #lookAgain(): void {
    if (this.#timed) return;
    this.#timed = true;
    this.#clock
      .sleep(LOOK_AGAIN_MS, this.#closed.signal)
      .then(() => {
        this.#timed = false;
        if (this.#queue.length > 0) this.poke();
      })
      .catch(() => undefined);
  }
}

function refused(error: unknown): Wait {
  return { ahead: 0, reason: toBerthError(error).message };
}
