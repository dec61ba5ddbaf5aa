import { Buffer } from 'node:buffer';
import {
  checkPacketLength,
  HEADER_BYTES,
  type Packet,
  PacketStatus,
  PacketType,
  readPacket,
} from './packet.ts';

const LENGTH_BYTES = 4;
/** Chunks below this are joined as they come: each costs more than its bytes. */
const SMALL_BYTES = 1 << 16;

interface ParserOptions {
  /**
   * Hands on the data of streams as it comes, as packets of the same header with a part of the
   * payload each: joining a packet first would copy every byte of a transfer once more.
   */
  readonly streamsInPieces?: boolean;
}

/**
 * Bytes in, packets out. Large chunks are kept as they came and joined only when a packet is
 * complete, so memory follows what was received, never what a length field claims nor how finely it
 * was cut: at most two packets' worth, 64 MiB, for a moment.
 */
export class PacketParser {
  readonly #onPacket: (packet: Packet) => void;
  readonly #inPieces: boolean;
  /** The data packet that is being handed on, and how much of it is to come. */
  #begun: { readonly packet: Packet; left: number } | null = null;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #wanted = LENGTH_BYTES;

  constructor(onPacket: (packet: Packet) => void, { streamsInPieces = false }: ParserOptions = {}) {
    this.#onPacket = onPacket;
    this.#inPieces = streamsInPieces;
  }

  /** Bytes held back because their packet is not complete. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** @throws ProtocolError when the bytes cannot be a packet; the parser is of no use afterwards. */
  push(received: Buffer): void {
    const chunk = this.#begun === null ? received : this.#goOn(this.#begun, received);
    if (chunk.length === 0) return;
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
        if (this.#begin(bytes.subarray(at), length)) at = bytes.length;
        else this.#wanted = bytes.length - at < HEADER_BYTES ? HEADER_BYTES : length;
        break;
      }
      const packet = bytes.subarray(at, at + length);
      at += length;
      this.#onPacket(readPacket(packet));
    }
    this.#keep(bytes.subarray(at));
  }

  /** Whether the beginning of a packet of `length` bytes was handed on as a piece. */
  #begin(bytes: Buffer, length: number): boolean {
    if (!this.#inPieces || bytes.length < HEADER_BYTES) return false;
    const packet = readPacket(bytes);
    if (packet.type !== PacketType.STREAM || packet.status !== PacketStatus.CONTINUE) return false;
    this.#begun = { packet, left: length - bytes.length };
    // Without bytes it would look like the end of the stream.
    if (packet.payload.length > 0) this.#onPacket(packet);
    return true;
  }

  /** Hands on the next piece; returns what follows it. */
  #goOn(begun: { readonly packet: Packet; left: number }, bytes: Buffer): Buffer {
    const payload = bytes.subarray(0, begun.left);
    begun.left -= payload.length;
    if (begun.left === 0) this.#begun = null;
    if (payload.length > 0) this.#onPacket({ ...begun.packet, payload });
    return bytes.subarray(payload.length);
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
