import type { Codec } from './codec.ts';
import { XdrError } from './errors.ts';
import { NameCache } from './name-cache.ts';
import { bool, f64, i32, i64, MAX_STRING_BYTES, str, u32, u64 } from './primitives.ts';
import type { XdrReader } from './reader.ts';
import type { XdrWriter } from './writer.ts';

/** libvirt's virTypedParameter, with its type kept: what calls that set something need. */
export type TypedParameter = { readonly field: string } & (
  | { readonly type: 'int' | 'uint' | 'double'; readonly value: number }
  | { readonly type: 'llong' | 'ullong'; readonly value: bigint }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
);

/** 64-bit values are numbers while they are exact and bigints beyond. */
export type TypedValue = number | bigint | boolean | string;
export type TypedValues = Record<string, TypedValue>;

const TYPE = { int: 1, uint: 2, llong: 3, ullong: 4, double: 5, boolean: 6, string: 7 } as const;

const FIELD_NAMES = new NameCache();

const CODECS: Readonly<Record<TypedParameter['type'], Codec<unknown>>> = {
  int: i32,
  uint: u32,
  llong: i64,
  ullong: u64,
  double: f64,
  boolean: bool,
  string: str,
};

function writeParameter(writer: XdrWriter, parameter: TypedParameter): void {
  str.encode(writer, parameter.field);
  writer.i32(TYPE[parameter.type]);
  CODECS[parameter.type].encode(writer, parameter.value);
}

function readParameter(reader: XdrReader): TypedParameter {
  const field = str.decode(reader);
  const type = reader.i32();
  switch (type) {
    case TYPE.int:
      return { field, type: 'int', value: reader.i32() };
    case TYPE.uint:
      return { field, type: 'uint', value: reader.u32() };
    case TYPE.llong:
      return { field, type: 'llong', value: reader.i64() };
    case TYPE.ullong:
      return { field, type: 'ullong', value: reader.u64() };
    case TYPE.double:
      return { field, type: 'double', value: reader.f64() };
    case TYPE.boolean:
      return { field, type: 'boolean', value: bool.decode(reader) };
    case TYPE.string:
      return { field, type: 'string', value: str.decode(reader) };
    default:
      throw new XdrError(`typed parameter '${field}' has the unknown type ${type}`);
  }
}

/** Like {@link readParameter} for those who need no types: bulk statistics have thousands of them. */
function readValue(reader: XdrReader, field: string): TypedValue {
  const type = reader.i32();
  switch (type) {
    case TYPE.int:
      return reader.i32();
    case TYPE.uint:
      return reader.u32();
    case TYPE.llong:
      return join(reader.i32(), reader.u32());
    case TYPE.ullong:
      return join(reader.u32(), reader.u32());
    case TYPE.double:
      return reader.f64();
    case TYPE.boolean:
      return bool.decode(reader);
    case TYPE.string:
      return str.decode(reader);
    default:
      throw new XdrError(`typed parameter '${field}' has the unknown type ${type}`);
  }
}

function join(high: number, low: number): number | bigint {
  const value = high * 0x1_0000_0000 + low;
  return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low);
}

export const typedParameter: Codec<TypedParameter> = {
  minBytes: 12,
  encode: writeParameter,
  decode: readParameter,
};

function simplify(value: TypedValue): TypedValue {
  if (typeof value !== 'bigint') return value;
  const rounded = Number(value);
  return Number.isSafeInteger(rounded) ? rounded : value;
}

function guess(field: string, value: TypedValue): TypedParameter {
  if (typeof value === 'string') return { field, type: 'string', value };
  if (typeof value === 'boolean') return { field, type: 'boolean', value };
  if (typeof value === 'bigint') return { field, type: value < 0n ? 'llong' : 'ullong', value };
  if (!Number.isSafeInteger(value)) return { field, type: 'double', value };
  return { field, type: value < 0 ? 'llong' : 'ullong', value: BigInt(value) };
}

/** Parameters as one object: values by field. */
export function toTypedValues(parameters: Iterable<TypedParameter>): TypedValues {
  const values: TypedValues = {};
  for (const { field, value } of parameters) values[field] = simplify(value);
  return values;
}

/** A list of typed parameters as one object, for answers. Encoding picks the types by value. */
export function typedValues(limit: number): Codec<TypedValues> {
  return {
    minBytes: 4,
    encode(writer, values) {
      const entries = Object.entries(values);
      if (entries.length > limit) throw new XdrError(`${entries.length} items are over ${limit}`);
      writer.u32(entries.length);
      for (const [field, value] of entries) writeParameter(writer, guess(field, value));
    },
    decode(reader) {
      const count = reader.length(limit, typedParameter.minBytes);
      const values: TypedValues = {};
      for (let index = 0; index < count; index++) {
        const field = reader.name(reader.length(MAX_STRING_BYTES, 1), FIELD_NAMES);
        values[field] = readValue(reader, field);
      }
      return values;
    },
  };
}
