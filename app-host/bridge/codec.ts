import { bytesToText, textToBytes } from './base64.ts';

/** A JSON value: what one packed message consists of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** How functions and promises cross between the two worlds of a page; without hooks they cannot be cloned. */
export interface Hooks {
  /** Gives a function an id that the far side can call. */
  idOf?: (value: object) => number | undefined;
  /** Gives a promise an id that the far side can follow; `undefined` for what is no promise. */
  promiseId?: (value: object) => number | undefined;
  /** Makes the far side's function `id` callable here. */
  functionOf?: (id: number) => unknown;
  /** Makes a promise here that follows the far side's promise `id`. */
  promiseOf?: (id: number) => unknown;
  /** Last touch on each object and array, such as `Object.freeze`. */
  finish?: (value: object) => void;
}

/**
 * Structured clone over JSON: `undefined`, NaN, -0, BigInt, Date, RegExp, Map, Set, errors, buffers, typed
 * arrays and cycles survive. Strings, booleans, finite numbers and null stay as they are, everything else
 * becomes `[tag, …]`, so that a JSON array always starts with a tag. What is JSON throughout travels whole, as `['j', …]`
 * and not copied: the packed value must become text before the original can change.
 *
 * The text of the functions in this file is also injected into pages (`codecFunctions`): they may refer to
 * each other and to JavaScript's own globals, to nothing else.
 * @throws Error('An object could not be cloned.')
 */
export function pack(value: unknown, hooks: Hooks = {}): Json {
  if (typeof value === 'object' && isPlain(value, new Set())) return ['j', value];
  return packValue(value, hooks, new Map());
}

/** Undoes `pack`. */
export function unpack(value: Json, hooks: Hooks = {}): unknown {
  if (Array.isArray(value) && value[0] === 'j') {
    const plain = value[1] ?? null;
    if (hooks.finish) finishPlain(plain, hooks.finish);
    return plain;
  }
  return unpackValue(value, hooks, []);
}

function refusal(): Error {
  return new Error('An object could not be cloned.');
}

/** Whether JSON gives the same value back, of which no two parts are one object. */
function isPlain(value: unknown, seen: Set<object>): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || isPlainObject(value, seen);
    default:
      return false;
  }
}

function isPlainObject(value: object, seen: Set<object>): boolean {
  if (seen.has(value)) return false;
  seen.add(value);
  let items: Iterable<unknown>;
  if (Array.isArray(value)) items = value;
  else {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    // In a literal, which is how a page receives it, this key is none.
    if (Object.hasOwn(value, '__proto__')) return false;
    items = Object.values(value);
  }
  for (const item of items) if (!isPlain(item, seen)) return false;
  return true;
}

function finishPlain(value: Json, finish: (value: object) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) finishPlain(item, finish);
  finish(value);
}

function packValue(value: unknown, hooks: Hooks, seen: Map<object, number>): Json {
  switch (typeof value) {
    case 'undefined':
      return ['u'];
    case 'bigint':
      return ['n', String(value)];
    case 'number':
      if (Object.is(value, -0)) return ['f', '-0'];
      return Number.isFinite(value) ? value : ['f', String(value)];
    case 'string':
    case 'boolean':
      return value;
    case 'function': {
      const id = hooks.idOf?.(value);
      if (id === undefined) throw refusal();
      return ['F', id];
    }
    case 'object':
      return value === null ? null : packObject(value, hooks, seen);
    default:
      throw refusal();
  }
}

function packObject(value: object, hooks: Hooks, seen: Map<object, number>): Json {
  const promise = hooks.promiseId?.(value);
  if (promise !== undefined) return ['P', promise];
  const known = seen.get(value);
  if (known !== undefined) return ['c', known];
  seen.set(value, seen.size);
  if (Array.isArray(value)) {
    return ['a', ...Array.from(value, (item) => packValue(item, hooks, seen))];
  }
  if (value instanceof Error) {
    return ['e', String(value.name), String(value.message), String(value.stack ?? '')];
  }
  if (ArrayBuffer.isView(value)) {
    // The tag, not the constructor: Node's Buffer arrives as the Uint8Array that it extends.
    const name = Object.prototype.toString.call(value).slice(8, -1);
    return [
      'v',
      name,
      bytesToText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
    ];
  }
  const special = packBuiltin(value, hooks, seen);
  if (special !== undefined) return special;
  const out: { [key: string]: Json } = Object.create(null);
  for (const [key, item] of Object.entries(value)) out[key] = packValue(item, hooks, seen);
  return ['o', out];
}

function packBuiltin(value: object, hooks: Hooks, seen: Map<object, number>): Json | undefined {
  const inner = (item: unknown) => packValue(item, hooks, seen);
  // By tag where `instanceof` would miss the objects of another realm.
  switch (Object.prototype.toString.call(value)) {
    case '[object Date]':
      return ['d', packValue(Number(value), hooks, seen)];
    case '[object RegExp]':
      return ['r', (value as RegExp).source, (value as RegExp).flags];
    case '[object Map]':
      return ['m', ...Array.from(value as Map<unknown, unknown>, ([k, v]) => [inner(k), inner(v)])];
    case '[object Set]':
      return ['s', ...Array.from(value as Set<unknown>, inner)];
    case '[object ArrayBuffer]':
      return ['b', bytesToText(new Uint8Array(value as ArrayBuffer))];
    case '[object Promise]':
    case '[object WeakMap]':
    case '[object WeakSet]':
      throw refusal();
    default:
      return undefined;
  }
}

function unpackValue(value: Json, hooks: Hooks, seen: unknown[]): unknown {
  if (!Array.isArray(value)) return value;
  const tag = value[0];
  const first = value[1] ?? null;
  switch (tag) {
    case 'u':
      return undefined;
    case 'n':
      return BigInt(String(first));
    case 'f':
      return Number(first);
    case 'F':
      return hooks.functionOf?.(Number(first));
    case 'P':
      return hooks.promiseOf?.(Number(first));
    case 'c':
      return seen[Number(first)];
    case 'a':
    case 'm':
    case 's':
      return unpackContainer(tag, value, hooks, seen);
    case 'o':
      return unpackRecord(first, hooks, seen);
  }
  const leaf = unpackLeaf(String(tag), value);
  seen.push(leaf);
  return leaf;
}

function unpackContainer(
  tag: 'a' | 'm' | 's',
  value: Json[],
  hooks: Hooks,
  seen: unknown[],
): unknown {
  const inner = (item: Json) => unpackValue(item, hooks, seen);
  if (tag === 's') {
    const set = new Set<unknown>();
    seen.push(set);
    for (let i = 1; i < value.length; i += 1) set.add(inner(value[i] ?? null));
    return set;
  }
  if (tag === 'm') {
    const map = new Map<unknown, unknown>();
    seen.push(map);
    for (const pair of value) {
      if (Array.isArray(pair)) map.set(inner(pair[0] ?? null), inner(pair[1] ?? null));
    }
    return map;
  }
  const array: unknown[] = [];
  seen.push(array);
  for (let i = 1; i < value.length; i += 1) array.push(inner(value[i] ?? null));
  hooks.finish?.(array);
  return array;
}

function unpackRecord(fields: Json, hooks: Hooks, seen: unknown[]): object {
  const out: Record<string, unknown> = {};
  seen.push(out);
  for (const [key, item] of Object.entries(fields ?? {})) {
    const inner = unpackValue(item, hooks, seen);
    if (key === '__proto__') {
      // Assigned, it would replace the prototype.
      Object.defineProperty(out, key, {
        value: inner,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    } else out[key] = inner;
  }
  hooks.finish?.(out);
  return out;
}

function unpackLeaf(tag: string, value: Json[]): unknown {
  const text = (at: number) => String(value[at]);
  switch (tag) {
    case 'd':
      return new Date(Number(unpackValue(value[1] ?? null, {}, [])));
    case 'r':
      return new RegExp(text(1), text(2));
    case 'e':
      return unpackError(text(1), text(2), text(3));
    case 'b':
      return textToBytes(text(1)).buffer;
    case 'v':
      return unpackView(text(1), textToBytes(text(2)));
    default:
      throw new Error(`Unknown tag in a packed value: ${tag}`);
  }
}

function unpackError(name: string, message: string, stack: string): Error {
  const types = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const type = Object.entries(types).find(([known]) => known === name)?.[1] ?? Error;
  const error = new type(message);
  if (stack)
    Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  return error;
}

function unpackView(name: string, bytes: Uint8Array<ArrayBuffer>): ArrayBufferView {
  switch (name) {
    case 'Int8Array':
      return new Int8Array(bytes.buffer);
    case 'Uint8ClampedArray':
      return new Uint8ClampedArray(bytes.buffer);
    case 'Int16Array':
      return new Int16Array(bytes.buffer);
    case 'Uint16Array':
      return new Uint16Array(bytes.buffer);
    case 'Int32Array':
      return new Int32Array(bytes.buffer);
    case 'Uint32Array':
      return new Uint32Array(bytes.buffer);
    case 'Float32Array':
      return new Float32Array(bytes.buffer);
    case 'Float64Array':
      return new Float64Array(bytes.buffer);
    case 'BigInt64Array':
      return new BigInt64Array(bytes.buffer);
    case 'BigUint64Array':
      return new BigUint64Array(bytes.buffer);
    case 'DataView':
      return new DataView(bytes.buffer);
    default:
      return bytes;
  }
}

/** Everything that `pack` and `unpack` need, for injection into a page. */
export const codecFunctions = [
  bytesToText,
  textToBytes,
  pack,
  unpack,
  refusal,
  isPlain,
  isPlainObject,
  finishPlain,
  packValue,
  packObject,
  packBuiltin,
  unpackValue,
  unpackContainer,
  unpackRecord,
  unpackLeaf,
  unpackError,
  unpackView,
];
