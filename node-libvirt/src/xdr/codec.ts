import type { XdrReader } from './reader.ts';
import type { XdrWriter } from './writer.ts';

/** Both directions of one XDR type. Every codec decodes what it encodes. */
export interface Codec<T> {
  encode(writer: XdrWriter, value: T): void;
  decode(reader: XdrReader): T;
  /** The fewest bytes a value takes: bounds how many list items a message can hold. */
  readonly minBytes: number;
}

export type ValueOf<C> = C extends Codec<infer T> ? T : never;
