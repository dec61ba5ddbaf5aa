import { type Hooks, type Json, pack, unpack } from './codec.ts';

/**
 * The page world's end of the bridge: it receives what the preload script exposes and turns it into frozen
 * objects and plain functions on `window`. Runs before any script of the page and keeps its own references, so
 * that a page which patches its globals cannot listen in. Injected as source text: see `pageWorldSource`.
 */
export class PageWorld {
  readonly #secret: string;
  readonly #dispatch = globalThis.dispatchEvent.bind(globalThis);
  readonly #event = CustomEvent;
  #answer: Json | undefined;
  #lastId = 0;
  readonly #functions = new Map<number, (...args: unknown[]) => unknown>();
  readonly #ids = new WeakMap<object, number>();
  readonly #promises = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #hooks: Hooks = {
    idOf: (value) => this.#idOf(value as (...args: unknown[]) => unknown),
    functionOf:
      (id) =>
      (...args: unknown[]) =>
        this.#call(id, args),
    promiseOf: (id) => {
      const settled = Promise.withResolvers<unknown>();
      this.#promises.set(id, settled);
      return settled.promise;
    },
  };

  constructor(secret: string) {
    this.#secret = secret;
    this.#on('answer', (packed) => {
      this.#answer = packed;
    });
    this.#on('expose', (packed) => this.#expose(packed));
    this.#on('settle', (packed) => this.#settle(packed));
    this.#on('callback', (packed) => this.#runCallback(packed));
  }

  #on(name: string, listener: (packed: Json) => void): void {
    globalThis.addEventListener(`${this.#secret}:${name}`, (event) => {
      listener(JSON.parse((event as CustomEvent<string>).detail));
    });
  }

  #emit(name: string, packed: Json): void {
    this.#dispatch(new this.#event(`${this.#secret}:${name}`, { detail: JSON.stringify(packed) }));
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

  /** Calls a function of the preload world; events are synchronous, so the answer is there when emit returns. */
  #call(id: number, args: unknown[]): unknown {
    const outer = this.#answer;
    this.#answer = undefined;
    this.#emit('call', pack([id, args], this.#hooks));
    const answer = this.#answer;
    this.#answer = outer;
    if (answer === undefined) throw new Error('The preload script of this page is gone');
    const [ok, value] = unpack(answer, this.#hooks) as [boolean, unknown];
    if (!ok) throw value;
    return value;
  }

  #expose(packed: Json): void {
    const [key, api] = unpack(packed, { ...this.#hooks, finish: Object.freeze }) as [
      string,
      unknown,
    ];
    Object.defineProperty(globalThis, key, { value: api, enumerable: true });
  }

  #settle(packed: Json): void {
    const [id, ok, value] = unpack(packed, this.#hooks) as [number, boolean, unknown];
    const waiting = this.#promises.get(id);
    this.#promises.delete(id);
    if (ok) waiting?.resolve(value);
    else waiting?.reject(value);
  }

  #runCallback(packed: Json): void {
    const [id, args] = unpack(packed, this.#hooks) as [number, unknown[]];
    let result: Json;
    try {
      const value = this.#functions.get(id)?.(...args);
      result = pack([true, value instanceof Promise ? undefined : value], this.#hooks);
    } catch (error) {
      result = pack([false, error instanceof Error ? error : String(error)]);
    }
    this.#emit('result', result);
  }
}
