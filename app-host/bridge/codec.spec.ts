import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Json, pack, unpack } from './codec.ts';

const through = (value: unknown): unknown => unpack(JSON.parse(JSON.stringify(pack(value))));

describe('codec', () => {
  it.each([
    ['null', null],
    ['text', 'a"\u0000ü'],
    ['a number', 1.5],
    ['NaN', Number.NaN],
    ['infinity', Number.NEGATIVE_INFINITY],
    ['minus zero', -0],
    ['a large integer', 2n ** 70n],
    ['undefined', undefined],
    ['an empty array', []],
    ['an array with the tags', ['u', ['a'], [['o']]]],
    ['an array with holes', [1, undefined, { a: undefined }]],
    ['nested objects', { a: { b: [1, { c: null }] } }],
    ['a date', new Date(12345)],
    ['an invalid date', new Date(Number.NaN)],
    ['a pattern', /a\/b/giu],
    ['a map', new Map<unknown, unknown>([[{ k: 1 }, new Set([1])]])],
    ['a set', new Set(['a', 'm'])],
    ['bytes', new Uint8Array([0, 1, 255])],
    ['floats', new Float64Array([1.5, Number.NaN])],
    ['large integers', new BigInt64Array([-1n])],
    ['an empty buffer', new ArrayBuffer(0)],
  ])('carries %s', (_name, value) => {
    expect(through(value)).toStrictEqual(value);
  });

  it('carries errors with their type, message and stack', () => {
    const error = new RangeError('far');
    const got = through(error);
    expect(got).toBeInstanceOf(RangeError);
    expect(got).toMatchObject({ message: 'far', stack: error.stack });
    expect(through(Object.assign(new Error('x'), { name: 'Own' }))).toBeInstanceOf(Error);
  });

  it('keeps cycles and shared objects', () => {
    const shared = { date: new Date(1) };
    const value: { list: unknown[]; self?: unknown } = { list: [shared, new Date(2), shared] };
    value.self = value;
    const got = through(value) as typeof value;
    expect(got.self).toBe(got);
    expect(got.list[0]).toBe(got.list[2]);
    expect(got.list).toEqual(value.list);
  });

  it('sends plain JSON as it is, and finishes it too', () => {
    const value = { machines: [{ name: 'a', notes: [] }] };
    expect(pack(value)).toEqual(['j', value]);
    const got = unpack(pack(structuredClone(value)), { finish: Object.freeze });
    expect(Object.isFrozen((got as typeof value).machines[0]?.notes)).toBe(true);
  });

  it.each([
    ['two references to one object', (({ ...one }) => [one, one])({ a: 1 })],
    [
      'a class',
      new (class Point {
        x = 1;
      })(),
    ],
    ['a function', { f: () => 1 }],
  ])('does not take %s for plain JSON', (_name, value) => {
    expect(pack(value, { idOf: () => 1 })).not.toContain('j');
  });

  it('gives a Buffer as plain bytes of its own size', () => {
    const got = through(Buffer.from('abc'));
    expect(got).toStrictEqual(new Uint8Array([97, 98, 99]));
    expect((got as Uint8Array).buffer.byteLength).toBe(3);
  });

  it('keeps a key named __proto__ from becoming a prototype', () => {
    const got = through(JSON.parse('{"__proto__": {"admin": true}}')) as { admin?: boolean };
    expect(got.admin).toBeUndefined();
    expect(Object.hasOwn(got, '__proto__')).toBe(true);
  });

  it.each([
    ['functions', () => 1],
    ['symbols', Symbol('s')],
    ['promises', Promise.resolve()],
    ['weak maps', new WeakMap()],
  ])('refuses %s', (_name, value) => {
    expect(() => pack({ value })).toThrow('An object could not be cloned.');
  });

  it('refuses an unknown tag', () => {
    expect(() => unpack(['?', 1])).toThrow('Unknown tag');
  });

  it('hands functions and promises to hooks', () => {
    const call = () => 1;
    const packed = pack([call, Promise.resolve(1)], {
      idOf: () => 7,
      promiseId: (value) => (value instanceof Promise ? 8 : undefined),
    });
    const got = unpack(packed, { functionOf: (id) => `f${id}`, promiseOf: (id) => `p${id}` });
    expect(got).toEqual(['f7', 'p8']);
  });

  it('finishes objects from the inside out', () => {
    const done: unknown[] = [];
    unpack(pack({ a: [1] }), { finish: (value) => done.push(Array.isArray(value)) });
    expect(done).toEqual([true, false]);
  });

  it('works as injected text, without Node', () => {
    const [packThere, unpackThere] = runInNewContext(`${sourceText()}\n[pack, unpack]`, {
      btoa,
      atob,
    }) as [typeof pack, typeof unpack];
    const value = { bytes: new Uint8Array([1, 250]), map: new Map([[1, new Date(3)]]), n: 1n };
    const there: Json = JSON.parse(JSON.stringify(packThere(value)));
    expect(there).toEqual(pack(value));
    expect(packThere(unpackThere(pack(value)))).toEqual(pack(value));
  });
});

/** The functions' text as the host has it: the test runner rewrites the imports of its own copy. */
function sourceText(): string {
  const url = new URL('./codec.ts', import.meta.url).href;
  const script = `import { codecFunctions } from '${url}';
    process.stdout.write(codecFunctions.map(String).join('\\n'));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
}
