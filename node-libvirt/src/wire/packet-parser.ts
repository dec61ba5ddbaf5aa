import { Buffer } from 'node:buffer';
import { checkPacketLength, type Packet, readPacket } from './packet.ts';

const LENGTH_BYTES = 4;

/**
 * Bytes in, packets out. Chunks are kept as they came and joined only when a packet is complete,
 * so memory follows what was received, never what a length field claims.
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
    if (this.#buffered < this.#wanted) return;
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
