import type { Buffer } from 'node:buffer';

const SLOTS = 512;
const MAX_BYTES = 80;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

interface Name {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Gives the strings of names that come again and again, such as the fields of statistics, without decoding them each
 * time. What is long is not remembered, and what falls on the same slot (by FNV-1a) takes its place: it cannot grow.
 */
export class NameCache {
  readonly #slots = new Array<Name | undefined>(SLOTS).fill(undefined);
  /** By slot, the slot of the name that followed last time: records of one kind have the same names in the same order. */
  readonly #followers = new Uint16Array(SLOTS);
  #last = 0;

  read(buffer: Buffer, at: number, byteLength: number): string {
    if (byteLength > MAX_BYTES) return buffer.toString('utf8', at, at + byteLength);
    let slot = this.#followers[this.#last] ?? 0;
    let name = this.#slots[slot];
    if (name === undefined || !matches(name.bytes, buffer, at, byteLength)) {
      slot = slotOf(buffer, at, byteLength);
      name = this.#slots[slot];
      if (name === undefined || !matches(name.bytes, buffer, at, byteLength)) {
        const bytes = Uint8Array.prototype.slice.call(buffer, at, at + byteLength);
        name = { bytes, text: buffer.toString('utf8', at, at + byteLength) };
        this.#slots[slot] = name;
      }
      this.#followers[this.#last] = slot;
    }
    this.#last = slot;
    return name.text;
  }
}

function slotOf(buffer: Buffer, at: number, byteLength: number): number {
  let hash = FNV_OFFSET;
  for (let index = at; index < at + byteLength; index++) {
    hash = Math.imul(hash ^ (buffer[index] ?? 0), FNV_PRIME);
  }
  return (hash ^ (hash >>> 16)) & (SLOTS - 1);
}

function matches(bytes: Uint8Array, buffer: Buffer, at: number, byteLength: number): boolean {
  if (bytes.length !== byteLength) return false;
  for (let index = 0; index < byteLength; index++) {
    if (bytes[index] !== buffer[at + index]) return false;
  }
  return true;
}
