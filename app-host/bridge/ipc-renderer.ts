import { type Json, pack, unpack } from './codec.ts';
import type { FromPage, ToPage } from './messages.ts';

type Listener = (event: { sender: IpcRenderer; ports: [] }, ...args: unknown[]) => void;

/** Electron's `ipcRenderer` in the preload world. Injected as source text: see `preloadWorldSource`. */
export class IpcRenderer {
  readonly #post: (message: FromPage) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #listeners = new Map<string, Listener[]>();
  #lastId = 0;

  constructor(post: (message: FromPage) => void) {
    this.#post = post;
  }

  invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    try {
      const packed = pack(args);
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, answer);
      this.#post(['invoke', this.#lastId, channel, packed]);
    } catch (error) {
      answer.reject(error);
    }
    return answer.promise;
  }

  send(channel: string, ...args: unknown[]): void {
    this.#post(['send', channel, pack(args)]);
  }

  on(channel: string, listener: Listener): this {
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), listener]);
    return this;
  }

  addListener(channel: string, listener: Listener): this {
    return this.on(channel, listener);
  }

  once(channel: string, listener: Listener): this {
    const once: Listener = (event, ...args) => {
      this.off(channel, once);
      listener(event, ...args);
    };
    return this.on(channel, once);
  }

  off(channel: string, listener: Listener): this {
    const list = this.#listeners.get(channel) ?? [];
    const at = list.lastIndexOf(listener);
    if (at >= 0) this.#listeners.set(channel, list.toSpliced(at, 1));
    return this;
  }

  removeListener(channel: string, listener: Listener): this {
    return this.off(channel, listener);
  }

  removeAllListeners(channel?: string): this {
    if (channel === undefined) this.#listeners.clear();
    else this.#listeners.delete(channel);
    return this;
  }

  listenerCount(channel: string): number {
    return this.#listeners.get(channel)?.length ?? 0;
  }

  /** Takes one message of the host; not part of Electron's interface and not visible to the preload script. */
  static receive(ipc: IpcRenderer, message: ToPage): void {
    if (message[0] === 'reply') ipc.#settle(message[1], message[2], message[3]);
    else if (message[0] === 'event') ipc.#deliver(message[1], message[2]);
  }

  #settle(id: number, ok: boolean, value: Json): void {
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (ok) answer?.resolve(unpack(value));
    else answer?.reject(unpack(value));
  }

  #deliver(channel: string, args: Json): void {
    for (const listener of this.#listeners.get(channel) ?? []) {
      try {
        listener({ sender: this, ports: [] }, ...(unpack(args) as unknown[]));
      } catch (error) {
        // One listener's error must not keep the message from the next.
        reportError(error);
      }
    }
  }
}
