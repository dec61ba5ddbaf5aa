import { Slots } from './slots.ts';

type Start = () => void;

/**
 * Slots for calls that change something, with the calls for one object one after the other, in the
 * order made: the daemon hands the messages of a client to several threads and mixes them up.
 */
export class Turns {
  readonly #slots: Slots;
  /** Those that wait for the one before them, by object. An entry is there while one is at work. */
  readonly #behind = new Map<string, Set<Start>>();
  #held = 0;

  constructor(limit: number) {
    this.#slots = new Slots(limit);
  }

  /** How many have not been started. */
  get waiting(): number {
    return this.#slots.waiting + this.#held;
  }

  /**
   * Calls `start` when its object, if it has one, is free and so is a slot. Each start owes one
   * {@link leave} and one {@link release}.
   */
  take(object: string | null, start: Start): void {
    if (object !== null) {
      const queue = this.#behind.get(object);
      if (queue !== undefined) {
        queue.add(start);
        this.#held++;
        return;
      }
      this.#behind.set(object, new Set());
    }
    this.#slots.take(start);
  }

  /** Takes `start` out of the queue; false when it was started already. */
  cancel(object: string | null, start: Start): boolean {
    if (this.#slots.cancel(start)) {
      this.leave(object);
      return true;
    }
    const held = object !== null && this.#behind.get(object)?.delete(start) === true;
    if (held) this.#held--;
    return held;
  }

  /** The next call for this object may go. */
  leave(object: string | null): void {
    const queue = object === null ? undefined : this.#behind.get(object);
    if (object === null || queue === undefined) return;
    const [next] = queue;
    if (next === undefined) {
      this.#behind.delete(object);
      return;
    }
    queue.delete(next);
    this.#held--;
    this.#slots.take(next);
  }

  /** The daemon is done with one. */
  release(): void {
    this.#slots.release();
  }
}
