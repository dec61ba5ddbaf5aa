import { Buffer } from 'node:buffer';
import type { Codec } from './codec.ts';
import { XdrError } from './errors.ts';

/** The longest string libvirt's protocol takes, in UTF-8 bytes. */
export const MAX_STRING_BYTES = 4_194_304;

function integerBetween(low: number, high: number): (value: number) => number {
  return (value) => {
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new XdrError(`${String(value)} is not an integer from ${low} to ${high}`);
  };
}

function bigintBetween(low: bigint, high: bigint): (value: bigint) => bigint {
  return (value) => {
    if (typeof value === 'bigint' && value >= low && value <= high) return value;
    throw new XdrError(`${String(value)} is not a bigint from ${low} to ${high}`);
  };
}

const asI32 = integerBetween(-0x8000_0000, 0x7fff_ffff);
const asU32 = integerBetween(0, 0xffff_ffff);
const asSafe = integerBetween(0, Number.MAX_SAFE_INTEGER);
const asI64 = bigintBetween(-(2n ** 63n), 2n ** 63n - 1n);
const asU64 = bigintBetween(0n, 2n ** 64n - 1n);

/** Also stands for `char`, `unsigned char` and `short` scalars: XDR gives them four bytes. */
export const i32: Codec<number> = {
  minBytes: 4,
  encode: (writer, value) => writer.i32(asI32(value)),
  decode: (reader) => reader.i32(),
};

export const u32: Codec<number> = {
  minBytes: 4,
  encode: (writer, value) => writer.u32(asU32(value)),
  decode: (reader) => reader.u32(),
};

export const i64: Codec<bigint> = {
  minBytes: 8,
  encode: (writer, value) => writer.i64(asI64(value)),
  decode: (reader) => reader.i64(),
};

export const u64: Codec<bigint> = {
  minBytes: 8,
  encode: (writer, value) => writer.u64(asU64(value)),
  decode: (reader) => reader.u64(),
};

/** `unsigned hyper` as a number, for sizes: exact up to 2^53, rounded beyond. */
export const u64n: Codec<number> = {
  minBytes: 8,
  encode: (writer, value) => {
    const size = asSafe(value);
    writer.u32(Math.floor(size / 0x1_0000_0000));
    writer.u32(size % 0x1_0000_0000);
  },
  decode: (reader) => reader.u32() * 0x1_0000_0000 + reader.u32(),
};

/** `hyper` as a number: exact up to 2^53 either way, rounded beyond. */
export const i64n: Codec<number> = {
  minBytes: 8,
  encode: (writer, value) => {
    if (!Number.isSafeInteger(value)) throw new XdrError(`${String(value)} is not a safe integer`);
    writer.i64(BigInt(value));
  },
  decode: (reader) => reader.i32() * 0x1_0000_0000 + reader.u32(),
};

export const f64: Codec<number> = {
  minBytes: 8,
  encode: (writer, value) => writer.f64(value),
  decode: (reader) => reader.f64(),
};

export const bool: Codec<boolean> = {
  minBytes: 4,
  encode: (writer, value) => writer.i32(value ? 1 : 0),
  decode: (reader) => reader.i32() !== 0,
};

export const nothing: Codec<undefined> = {
  minBytes: 0,
  encode: () => undefined,
  decode: () => undefined,
};

export const str: Codec<string> = {
  minBytes: 4,
  encode: (writer, value) => {
    if (typeof value !== 'string') throw new XdrError(`${typeof value} is not a string`);
    // The daemon reads strings as C strings: a NUL would silently cut the rest off.
    if (value.includes('\0')) throw new XdrError('string contains a NUL character');
    const length = Buffer.byteLength(value);
    if (length > MAX_STRING_BYTES) throw new XdrError(`string of ${length} bytes is over 4 MiB`);
    writer.u32(length);
    writer.utf8(value, length);
  },
  decode: (reader) => reader.utf8(reader.length(MAX_STRING_BYTES, 1)),
};

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
/** 16 raw bytes without a length, shown as `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
export const uuid: Codec<string> = {
  minBytes: 16,
  encode: (writer, value) => {
    if (!UUID.test(value)) throw new XdrError(`'${value}' is not a UUID`);
    writer.raw(Buffer.from(value.replaceAll('-', ''), 'hex'));
  },
  decode: (reader) => {
    const hex = reader.raw(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  },
};
