export type { Codec, ValueOf } from './codec.ts';
export { charArray, charList, list, nullable, opaque, struct } from './combinators.ts';
export { XdrError } from './errors.ts';
export * from './primitives.ts';
export { XdrReader } from './reader.ts';
export {
  type TypedParameter,
  type TypedValue,
  type TypedValues,
  toTypedValues,
  typedParameter,
  typedValues,
} from './typed-params.ts';
export { XdrWriter } from './writer.ts';
