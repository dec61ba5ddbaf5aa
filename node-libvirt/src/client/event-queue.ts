const MAX_WAITING = 10_000;

/** Whoever iterates over events has fallen so far behind that no more are kept. List again. */
export class EventOverflowError extends Error {
  override readonly name = 'EventOverflowError';
  readonly code = 'LIBVIRT_EVENT_OVERFLOW';

  constructor() {
    super(`${MAX_WAITING} events are waiting to be read: the reader is too slow`);
  }
}

/** Keeps events until their one reader takes them; a bounded number. */
export class EventQueue<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  #end: { readonly failure: { readonly error: unknown } | null } | null = null;
  #wake: (() => void) | undefined;

  /** Keeps one more. */
  push(event: T): void {
    if (this.#end !== null) return;
    if (this.#waiting.length === MAX_WAITING) this.end({ error: new EventOverflowError() });
    else this.#waiting.push(event);
    this.#wake?.();
  }

  /** No more will come: null ends the iteration, a failure is thrown at its end. */
  end(failure: { readonly error: unknown } | null): void {
    this.#end ??= { failure };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const events = this.#waiting;
      this.#waiting = [];
      yield* events;
      if (events.length > 0) continue;
      if (this.#end?.failure) throw this.#end.failure.error;
      if (this.#end !== null) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
