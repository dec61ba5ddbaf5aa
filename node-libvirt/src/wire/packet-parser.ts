import { Buffer } from 'node:buffer';
import { checkPacketLength, type Packet, readPacket } from './packet.ts';

const LENGTH_BYTES = 4;
/** Chunks below this are joined as they come: each costs more than its bytes. */
const SMALL_BYTES = 1 << 16;

/**
 * Bytes in, packets out. Large chunks are kept as they came and joined only when a packet is
 * complete, so memory follows what was received, never what a length field claims nor how finely it
 * was cut: at most two packets' worth, 64 MiB, for a moment.
 */
export class PacketParser {
  readonly #onPacket: (packet: Packet) => void;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #wanted = LENGTH_BYTES;

  constructor(onPacket: (packet: Packet) => void) {
    this.#onPacket = onPacket;
  }

  /** Bytes held back because their packet is not complete. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** @throws ProtocolError when the bytes cannot be a packet; the parser is of no use afterwards. */
  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#wanted) {
      this.#joinSmall();
      return;
    }
    const bytes = this.#join();
    let at = 0;
    this.#wanted = LENGTH_BYTES;
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = bytes.readUInt32BE(at);
      checkPacketLength(length);
      if (bytes.length - at < length) {
        this.#wanted = length;
        break;
      }
      const packet = bytes.subarray(at, at + length);
      at += length;
      this.#onPacket(readPacket(packet));
    }
    this.#keep(bytes.subarray(at));
  }

  /** Like carrying in a sum: sizes double, so that each byte is copied a few times at most. */
  #joinSmall(): void {
    for (;;) {
      const last = this.#chunks.at(-1);
      const before = this.#chunks.at(-2);
      if (last === undefined || before === undefined) return;
      if (before.length > last.length || last.length >= SMALL_BYTES) return;
      this.#chunks.splice(-2, 2, Buffer.concat([before, last]));
    }
  }

  #join(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    return Buffer.concat(this.#chunks, this.#buffered);
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#buffered = rest.length;
  }
}
