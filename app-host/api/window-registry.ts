/** What other modules need of a BrowserWindow; the class itself imports them, not they it. */
export interface ManagedWindow {
  readonly id: number;
  /** Fulfilled once the window has gone. */
  readonly gone: Promise<void>;
  close(): void;
  destroy(): void;
  isClosing(): boolean;
  isFocused(): boolean;
}

/** The open windows of one kind, in order of creation. */
export class WindowRegistry<W extends ManagedWindow> {
  readonly #windows = new Map<number, W>();
  #lastId = 0;
  #lastFocused: W | undefined;

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(window: W): void {
    this.#windows.set(window.id, window);
  }

  remove(window: W): void {
    this.#windows.delete(window.id);
    if (this.#lastFocused === window) this.#lastFocused = undefined;
  }

  get(id: number): W | undefined {
    return this.#windows.get(id);
  }

  all(): W[] {
    return [...this.#windows.values()];
  }

  focused(window: W): void {
    this.#lastFocused = window;
  }

  /** The window for a dialog that names none: the one last used, else the newest. */
  current(): W | undefined {
    return this.#lastFocused ?? this.all().at(-1);
  }
}
