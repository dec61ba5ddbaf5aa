/** A set of callbacks for one kind of happening. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Returns the function that takes the listener away again; it says whether it was there. */
  add(listener: (value: T) => void): () => boolean {
    // A wrapper, so that one function can be added twice.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  /** A listener that throws must not stop the others, nor the caller; nor is it hushed up. */
  emit(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
