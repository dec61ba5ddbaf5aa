type Start = () => void;

/** Lets a fixed number of jobs run at a time and keeps the rest in order. */
export class Slots {
  readonly #limit: number;
  readonly #waiting = new Set<Start>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Calls `start` now or when a slot becomes free; each start owes one {@link release}. */
  take(start: Start): void {
    if (this.#taken >= this.#limit) {
      this.#waiting.add(start);
      return;
    }
    this.#taken++;
    start();
  }

  /** Takes `start` out of the queue; false when it was not in it. */
  cancel(start: Start): boolean {
    return this.#waiting.delete(start);
  }

  release(): void {
    this.#taken--;
    const [next] = this.#waiting;
    if (next === undefined || this.#taken >= this.#limit) return;
    this.#waiting.delete(next);
    this.#taken++;
    next();
  }
}
