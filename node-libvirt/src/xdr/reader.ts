import type { Buffer } from 'node:buffer';
import { XdrError } from './errors.ts';
import type { NameCache } from './name-cache.ts';

/** Reads forward through one message; never past its end. */
export class XdrReader {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  #position = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#buffer.length - this.#position;
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  utf8(byteLength: number): string {
    const at = this.#takePadded(byteLength);
    return this.#buffer.toString('utf8', at, at + byteLength);
  }

  /** Like {@link utf8}, for names that `names` may know already. */
  name(byteLength: number, names: NameCache): string {
    return names.read(this.#buffer, this.#takePadded(byteLength), byteLength);
  }

  /** A view, not a copy: it keeps the whole packet alive. */
  raw(byteLength: number): Buffer {
    const at = this.#takePadded(byteLength);
    return this.#buffer.subarray(at, at + byteLength);
  }

  /** An array or string length, refused when over `limit` or more than the message can hold. */
  length(limit: number, bytesEach: number): number {
    const count = this.u32();
    if (count > limit) throw new XdrError(`length ${count} is over the limit of ${limit}`);
    if (count * bytesEach > this.remaining) {
      throw new XdrError(`length ${count} needs more than the ${this.remaining} bytes left`);
    }
    return count;
  }

  #takePadded(byteLength: number): number {
    return this.#take((byteLength + 3) & ~3);
  }

  #take(size: number): number {
    if (size > this.remaining) {
      throw new XdrError(`message too short: ${size} bytes wanted, ${this.remaining} left`);
    }
    const at = this.#position;
    this.#position += size;
    return at;
  }
}
