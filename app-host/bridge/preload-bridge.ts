import { type Hooks, type Json, pack, unpack } from './codec.ts';

/**
 * The preload world's end of the bridge between a page's two worlds, and Electron's `contextBridge`.
 * Arguments and results are cloned, functions become proxies, promises are followed.
 * Injected as source text: see `preloadWorldSource`.
 */
export class PreloadBridge {
  readonly #secret: string;
  #result: Json | undefined;
  #lastId = 0;
  readonly #functions = new Map<number, (...args: unknown[]) => unknown>();
  readonly #ids = new WeakMap<object, number>();
  readonly #callbacks = new Map<number, (...args: unknown[]) => unknown>();
  readonly #exposed = new Set<string>();
  readonly #hooks: Hooks = {
    idOf: (value) => this.#idOf(value as (...args: unknown[]) => unknown),
    promiseId: (value) => (value instanceof Promise ? this.#follow(value) : undefined),
    functionOf: (id) => this.#callbackOf(id),
  };

  constructor(secret: string) {
    this.#secret = secret;
    this.#on('result', (packed) => {
      this.#result = packed;
    });
    this.#on('call', (packed) => this.#runCall(packed));
  }

  /** @throws Error when `key` has been exposed before, as in Electron */
  exposeInMainWorld(key: string, api: unknown): void {
    if (this.#exposed.has(key)) {
      throw new Error('Cannot bind an API on top of an existing property on the window object');
    }
    this.#exposed.add(key);
    this.#emit('expose', pack([key, api], this.#hooks));
  }

  #on(name: string, listener: (packed: Json) => void): void {
    window.addEventListener(`${this.#secret}:${name}`, (event) => {
      listener(JSON.parse((event as CustomEvent<string>).detail));
    });
  }

  #emit(name: string, packed: Json): void {
    window.dispatchEvent(
      new CustomEvent(`${this.#secret}:${name}`, { detail: JSON.stringify(packed) }),
    );
  }

  #idOf(value: (...args: unknown[]) => unknown): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      this.#lastId += 1;
      id = this.#lastId;
      this.#ids.set(value, id);
      this.#functions.set(id, value);
    }
    return id;
  }

  #follow(promise: Promise<unknown>): number {
    this.#lastId += 1;
    const id = this.#lastId;
    const settle = (ok: boolean, value: unknown) => {
      let packed: Json;
      try {
        packed = pack([id, ok, value], this.#hooks);
      } catch (error) {
        packed = pack([id, false, error]);
      }
      this.#emit('settle', packed);
    };
    promise.then(
      (value) => settle(true, value),
      (error) => settle(false, error),
    );
    return id;
  }

  /** One proxy for one callback, so that a listener can be removed with the function that it was added with. */
  #callbackOf(id: number): (...args: unknown[]) => unknown {
    const known = this.#callbacks.get(id);
    if (known) return known;
    const proxy = (...args: unknown[]): unknown => {
      const outer = this.#result;
      this.#result = undefined;
      this.#emit('callback', pack([id, args], this.#hooks));
      const result = this.#result;
      this.#result = outer;
      if (result === undefined) return undefined;
      const [ok, value] = unpack(result, this.#hooks) as [boolean, unknown];
      if (!ok) throw value;
      return value;
    };
    this.#callbacks.set(id, proxy);
    return proxy;
  }

  #runCall(packed: Json): void {
    let answer: Json;
    try {
      const [id, args] = unpack(packed, this.#hooks) as [number, unknown[]];
      answer = pack([true, this.#functions.get(id)?.(...args)], this.#hooks);
    } catch (error) {
      answer = pack([false, error instanceof Error ? error : String(error)]);
    }
    this.#emit('answer', answer);
  }
}
