interface Entry {
  label: string;
  promise: Promise<void>;
}

/** Runs jobs of one key one after the other; jobs of different keys run side by side. */
export class KeyedQueue {
  readonly #tails = new Map<string, Entry[]>();

  /** Joins a job of the same label that waits or runs for the key, else queues this one. */
  run(key: string, label: string, job: () => Promise<void>): Promise<void> {
    const entries = this.#tails.get(key) ?? [];
    const last = entries.at(-1);
    if (last?.label === label) return last.promise;
    const before = last?.promise.catch(() => undefined) ?? Promise.resolve();
    const entry: Entry = { label, promise: before.then(job) };
    entries.push(entry);
    this.#tails.set(key, entries);
    const leave = () => this.#leave(key, entry);
    entry.promise.then(leave, leave);
    return entry.promise;
  }

  /** Labels that run or wait for the key, in order. */
  labels(key: string): string[] {
    return (this.#tails.get(key) ?? []).map((entry) => entry.label);
  }

  #leave(key: string, entry: Entry): void {
    const left = (this.#tails.get(key) ?? []).filter((other) => other !== entry);
    if (left.length === 0) this.#tails.delete(key);
    else this.#tails.set(key, left);
  }
}
