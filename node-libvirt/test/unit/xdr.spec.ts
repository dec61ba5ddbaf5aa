import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import {
  bool,
  type Codec,
  charArray,
  f64,
  i32,
  i64,
  i64n,
  list,
  nullable,
  opaque,
  str,
  struct,
  typedParameter,
  typedValues,
  u32,
  u64,
  u64n,
  uuid,
  XdrError,
  XdrReader,
  XdrWriter,
} from '../../src/xdr/index.ts';

function encode<T>(codec: Codec<T>, value: T): string {
  const writer = new XdrWriter(1);
  codec.encode(writer, value);
  return writer.bytes().toString('hex');
}

function decode<T>(codec: Codec<T>, hex: string): T {
  return codec.decode(new XdrReader(Buffer.from(hex, 'hex')));
}

describe('primitives', () => {
  it.each<[string, Codec<unknown>, unknown, string]>([
    ['i32', i32, -2, 'fffffffe'],
    ['u32', u32, 0xffff_ffff, 'ffffffff'],
    ['i64', i64, -1n, 'ffffffffffffffff'],
    ['u64', u64, 2n ** 64n - 1n, 'ffffffffffffffff'],
    ['u64n', u64n, 5_000_000_000, '000000012a05f200'],
    ['i64n negative', i64n, -5_000_000_000, 'fffffffed5fa0e00'],
    ['f64', f64, 1.5, '3ff8000000000000'],
    ['bool', bool, true, '00000001'],
    ['empty string', str, '', '00000000'],
    ['string of one', str, 'a', '0000000161000000'],
    ['string of four', str, 'abcd', '0000000461626364'],
    ['string in UTF-8', str, 'é', '00000002c3a90000'],
    ['uuid', uuid, '00112233-4455-6677-8899-aabbccddeeff', '00112233445566778899aabbccddeeff'],
    ['null', nullable(i32), null, '00000000'],
    ['not null', nullable(i32), 7, '0000000100000007'],
    ['list', list(i32), [1, 2], '000000020000000100000002'],
    ['char array', charArray(3), 'hi', '000000680000006900000000'],
    ['struct', struct({ a: i32, b: str }), { a: 1, b: 'x' }, '000000010000000178000000'],
  ])('%s is encoded as libvirt has it, and back', (_name, codec, value, hex) => {
    expect(encode(codec, value)).toBe(hex);
    expect(decode(codec, hex)).toEqual(value);
  });

  it('pads opaque bytes and copies them out of the packet', () => {
    const codec = opaque(8);
    expect(encode(codec, Uint8Array.of(1, 2, 3, 4, 5))).toBe('000000050102030405000000');
    const packet = Buffer.from('0000000101000000', 'hex');
    const value = codec.decode(new XdrReader(packet));
    packet.fill(0xff);
    expect([...value]).toEqual([1]);
  });

  it('rounds 64-bit numbers beyond 2^53 instead of failing', () => {
    expect(decode(u64n, 'ffffffffffffffff')).toBe(2 ** 64);
  });

  it.each<[string, Codec<unknown>, unknown]>([
    ['a fraction', i32, 1.5],
    ['too large for 32 bits', u32, 2 ** 32],
    ['negative for unsigned', u32, -1],
    ['not a number', i32, 'x'],
    ['undefined', u32, undefined],
    ['a number for 64 bits', u64, 1],
    ['negative size', u64n, -1],
    ['unsafe size', u64n, 2 ** 53],
    ['a number for a string', str, 5],
    ['a NUL in a string', str, 'a\0b'],
    ['not a UUID', uuid, '1234'],
    ['a list over its limit', list(i32, 1), [1, 2]],
    ['bytes over their limit', opaque(1), Uint8Array.of(1, 2)],
    ['too many characters', charArray(2), 'ab'],
  ])('refuses to encode %s', (_name, codec, value) => {
    expect(() => encode(codec, value)).toThrow(XdrError);
  });

  it('refuses strings over 4 MiB in both directions', () => {
    expect(() => encode(str, 'x'.repeat(4_194_305))).toThrow(XdrError);
    expect(() => decode(str, '00400001')).toThrow(/over the limit/);
    expect(encode(str, 'x'.repeat(4_194_304))).toHaveLength(2 * (4_194_304 + 4));
  });
});

describe('lies about lengths', () => {
  it('a list that claims more items than bytes is refused before anything is allocated', () => {
    expect(() => decode(list(i32), '00003fff00000001')).toThrow(/more than the 4 bytes left/);
  });

  it('a list of lists cannot claim more than the message holds either', () => {
    expect(() => decode(list(list(str)), '00003fff00000000')).toThrow(XdrError);
  });

  it.each<[string, Codec<unknown>, string]>([
    ['string', str, '0000000561'],
    ['padding', str, '0000000161'],
    ['integer', i32, '0000'],
    ['uuid', uuid, '00112233'],
    ['nullable', nullable(i32), '00000001'],
    ['opaque', opaque(16), '00000009aa'],
    ['char array', charArray(32), '00000000'],
  ])('a %s that is cut off is refused', (_name, codec, hex) => {
    expect(() => decode(codec, hex)).toThrow(XdrError);
  });
});

describe('errors', () => {
  const nested = struct({ dom: struct({ name: str, ids: list(i32) }) });

  it('say where in the message they are', () => {
    const error = (() => {
      try {
        encode(nested, { dom: { name: 5 as never, ids: [] } });
      } catch (thrown) {
        return thrown;
      }
      return null;
    })();
    expect(error).toBeInstanceOf(XdrError);
    expect(error).toMatchObject({ path: 'dom.name', message: 'dom.name: number is not a string' });
  });

  it('say so when decoding, too', () => {
    expect(() => decode(nested, '00000000000000ff')).toThrow(/^dom\.ids: /);
  });
});

describe('typed parameters', () => {
  const parameters = [
    { field: 'a', type: 'int', value: -1 },
    { field: 'b', type: 'uint', value: 4_000_000_000 },
    { field: 'c', type: 'llong', value: -5n },
    { field: 'd', type: 'ullong', value: 2n ** 64n - 1n },
    { field: 'e', type: 'double', value: 0.25 },
    { field: 'f', type: 'boolean', value: true },
    { field: 'g', type: 'string', value: 'text' },
  ] as const;

  it.each<['llong' | 'ullong', bigint, number | bigint]>([
    ['ullong', 2n ** 53n - 1n, 2 ** 53 - 1],
    ['ullong', 2n ** 53n, 2n ** 53n],
    ['ullong', 2n ** 53n + 1n, 2n ** 53n + 1n],
    ['llong', -1n, -1],
    ['llong', -(2n ** 53n) + 1n, -(2 ** 53) + 1],
    ['llong', -(2n ** 53n) - 1n, -(2n ** 53n) - 1n],
    ['llong', -(2n ** 63n), -(2n ** 63n)],
  ])('of type %s with %s are numbers while they are exact', (type, sent, got) => {
    const hex = encode(list(typedParameter), [{ field: 'x', type, value: sent }]);
    expect(decode(typedValues(16), hex)).toEqual({ x: got });
  });

  it('keep their types', () => {
    const codec = list(typedParameter);
    expect(decode(codec, encode(codec, [...parameters]))).toEqual(parameters);
  });

  it('become one object in which 64-bit numbers are plain where that is exact', () => {
    const hex = encode(list(typedParameter), [...parameters]);
    expect(decode(typedValues(16), hex)).toEqual({
      a: -1,
      b: 4_000_000_000,
      c: -5,
      d: 2n ** 64n - 1n,
      e: 0.25,
      f: true,
      g: 'text',
    });
  });

  it('survive their object form', () => {
    const values = { n: 5, minus: -5, big: 2n ** 63n, half: 0.5, yes: true, text: 'x' };
    expect(decode(typedValues(16), encode(typedValues(16), values))).toEqual(values);
  });

  it('refuse a type that does not exist', () => {
    expect(() => decode(typedParameter, '00000001610000000000000900000000')).toThrow(/type 9/);
  });

  it('refuse a value that is not of its type', () => {
    const wrong = { field: 'a', type: 'ullong', value: 1 } as never;
    expect(() => encode(typedParameter, wrong)).toThrow(XdrError);
  });
});
