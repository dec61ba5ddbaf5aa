import { Buffer } from 'node:buffer';
import type { Codec, ValueOf } from './codec.ts';
import { XdrError } from './errors.ts';

type Shape = Readonly<Record<string, Codec<unknown>>>;
type StructOf<S extends Shape> = { -readonly [K in keyof S]: ValueOf<S[K]> };

function relocate(error: unknown, field: string): unknown {
  return error instanceof XdrError ? error.within(field) : error;
}

/** Fields one after the other, in the order written. */
export function struct<const S extends Shape>(shape: S): Codec<StructOf<S>> {
  const fields = Object.entries<Codec<unknown>>(shape);
  return {
    minBytes: fields.reduce((sum, [, codec]) => sum + codec.minBytes, 0),
    encode(writer, value) {
      const source: Readonly<Record<string, unknown>> = value;
      for (const [key, codec] of fields) {
        try {
          codec.encode(writer, source[key]);
        } catch (error) {
          throw relocate(error, key);
        }
      }
    },
    decode(reader) {
      const result: Record<string, unknown> = {};
      for (const [key, codec] of fields) {
        try {
          result[key] = codec.decode(reader);
        } catch (error) {
          throw relocate(error, key);
        }
      }
      return result as StructOf<S>;
    },
  };
}

/** A pointer in the protocol's definition: a 0/1 flag, then the value. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    minBytes: 4,
    encode(writer, value) {
      writer.u32(value === null ? 0 : 1);
      if (value !== null) codec.encode(writer, value);
    },
    decode: (reader) => (reader.u32() === 0 ? null : codec.decode(reader)),
  };
}

export function list<T>(codec: Codec<T>, limit = 16_384): Codec<T[]> {
  return {
    minBytes: 4,
    encode(writer, value) {
      if (value.length > limit) throw new XdrError(`${value.length} items are over ${limit}`);
      writer.u32(value.length);
      for (const item of value) codec.encode(writer, item);
    },
    decode(reader) {
      const length = reader.length(limit, codec.minBytes);
      return Array.from({ length }, () => codec.decode(reader));
    },
  };
}

/** Variable-length bytes. Decoding copies, so that a small value does not pin a large packet. */
export function opaque(limit: number): Codec<Uint8Array> {
  return {
    minBytes: 4,
    encode(writer, value) {
      if (value.length > limit) throw new XdrError(`${value.length} bytes are over ${limit}`);
      writer.u32(value.length);
      writer.raw(value);
    },
    decode: (reader) => Uint8Array.from(reader.raw(reader.length(limit, 1))),
  };
}

/** XDR's `char x<limit>`: a counted text whose characters take four bytes each, NUL included. */
export function charList(limit: number): Codec<string> {
  return {
    minBytes: 4,
    encode(writer, value) {
      const bytes = Buffer.from(`${value}\0`, 'latin1');
      if (bytes.length > limit) throw new XdrError(`'${value}' is over ${limit - 1} characters`);
      writer.u32(bytes.length);
      for (const byte of bytes) writer.i32(byte);
    },
    decode(reader) {
      const length = reader.length(limit, 4);
      const bytes = Uint8Array.from({ length }, () => reader.i32() & 0xff);
      const end = bytes.indexOf(0);
      return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
    },
  };
}

/** C's `char x[size]`: the XDR compiler gives every character four bytes. */
export function charArray(size: number): Codec<string> {
  return {
    minBytes: size * 4,
    encode(writer, value) {
      const bytes = Buffer.from(value, 'latin1');
      if (bytes.length >= size) throw new XdrError(`'${value}' is over ${size - 1} characters`);
      for (let index = 0; index < size; index++) writer.i32(bytes[index] ?? 0);
    },
    decode(reader) {
      const bytes = Uint8Array.from({ length: size }, () => reader.i32() & 0xff);
      const end = bytes.indexOf(0);
      return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
    },
  };
}
