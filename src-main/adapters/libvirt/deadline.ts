/** A signal that fires with the caller's, or when time is up; made by {@link within}. */
class Deadline {
  readonly #clock = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #milliseconds: number;
  readonly signal: AbortSignal;

  constructor(milliseconds: number, signal?: AbortSignal) {
    this.#milliseconds = milliseconds;
    this.#timer = setTimeout(() => this.#clock.abort(new DeadlineError()), milliseconds);
    this.signal = signal ? AbortSignal.any([signal, this.#clock.signal]) : this.#clock.signal;
  }

  /** Whether it was time, not the caller, that ended the work. */
  get expired(): boolean {
    return this.signal.aborted && this.signal.reason instanceof DeadlineError;
  }

  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** Starts the time anew: for work that may take as long as it moves. */
  restart(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Does the work with a deadline and takes its timer away afterwards. */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(milliseconds, signal);
  try {
    return await work(deadline);
  } finally {
    deadline.end();
  }
}

class DeadlineError extends Error {
  constructor() {
    super('the time was up');
    this.name = 'DeadlineError';
  }
}

/** The result, unless the signal fires first; the work itself goes on. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  work.then(resolve, reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
