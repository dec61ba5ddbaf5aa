import { Buffer } from 'node:buffer';

const padding = (length: number): number => (4 - (length & 3)) & 3;

/** Grows as needed. `start` bytes are left free at the front for a packet header. */
export class XdrWriter {
  #buffer: Buffer;
  #position: number;

  constructor(capacity = 256, start = 0) {
    this.#buffer = Buffer.allocUnsafe(Math.max(capacity, start));
    this.#position = start;
  }

  /** A view of everything written so far, the free front included. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#position);
  }

  i32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeInt32BE(value, at);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  i64(value: bigint): void {
    const at = this.#reserve(8);
    this.#buffer.writeBigInt64BE(value, at);
  }

  u64(value: bigint): void {
    const at = this.#reserve(8);
    this.#buffer.writeBigUInt64BE(value, at);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleBE(value, at);
  }

  utf8(value: string, byteLength: number): void {
    const at = this.#reserve(byteLength + padding(byteLength));
    this.#buffer.write(value, at, byteLength, 'utf8');
    this.#buffer.fill(0, at + byteLength, this.#position);
  }

  raw(value: Uint8Array): void {
    const at = this.#reserve(value.length + padding(value.length));
    this.#buffer.set(value, at);
    this.#buffer.fill(0, at + value.length, this.#position);
  }

  /** May replace the buffer: reserve first, then touch it. */
  #reserve(size: number): number {
    const at = this.#position;
    const end = at + size;
    if (end > this.#buffer.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, end));
      this.#buffer.copy(bigger, 0, 0, at);
      this.#buffer = bigger;
    }
    this.#position = end;
    return at;
  }
}
