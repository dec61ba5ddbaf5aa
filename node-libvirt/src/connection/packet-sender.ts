import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';

/** Above so many bytes in the socket's own queue, bulk data waits. */
const HIGH_WATER_BYTES = 1 << 20;
/** With so much unread by the daemon one more answer to a ping tells it nothing. */
const TOO_MUCH_BYTES = 1 << 22;

/** Writes packets: small ones of one tick are joined into one write, bulk data is not copied. */
export class PacketSender {
  readonly #duplex: Duplex;
  #queue: Buffer[] = [];
  #scheduled = false;

  constructor(duplex: Duplex) {
    this.#duplex = duplex;
  }

  send(packet: Buffer): void {
    this.#queue.push(packet);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Past the queue, for signs of life, which must not wait; left out where nobody reads. */
  sendNow(packet: Buffer): void {
    const { writable, writableLength } = this.#duplex;
    if (writable && writableLength < TOO_MUCH_BYTES) this.#duplex.write(packet);
  }

  /** Sends a packet in its turn; resolves when there is room for more. */
  sendWhole(packet: Buffer): Promise<void> {
    this.send(packet);
    return this.#room();
  }

  flush(): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    const packets = this.#queue;
    this.#queue = [];
    if (!this.#duplex.writable) return;
    this.#duplex.write(packets.length === 1 ? first : Buffer.concat(packets));
  }

  /** Sends a header and its body without copying the body; resolves when there is room for more. */
  async sendBulk(header: Buffer, body: Uint8Array): Promise<void> {
    this.flush();
    if (this.#duplex.writable) {
      this.#duplex.cork();
      this.#duplex.write(header);
      this.#duplex.write(body);
      this.#duplex.uncork();
    }
    await this.#room();
  }

  async #room(): Promise<void> {
    while (this.#duplex.writable && this.#duplex.writableLength > HIGH_WATER_BYTES) {
      await this.#drained();
    }
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#duplex.off('drain', done);
        this.#duplex.off('close', done);
        resolve();
      };
      this.#duplex.on('drain', done);
      this.#duplex.on('close', done);
    });
  }
}
