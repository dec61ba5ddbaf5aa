import { Buffer } from 'node:buffer';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { PacketStatus } from '../wire/packet.ts';
import { ChunkQueue, type StreamChunk } from './chunk-queue.ts';
import { deferred } from './deferred.ts';
import {
  toDuplex,
  toReadable,
  toReadableStream,
  toWritable,
  toWritableStream,
} from './stream-adapters.ts';

/** What a stream needs of the channel that carries it. */
interface StreamPorts {
  /** Resolves when there is room for more. */
  sendData(data: Uint8Array): Promise<void>;
  sendHole(length: number): Promise<void>;
  sendEnd(status: number): void;
  /** Stop or go on reading from the socket. */
  setPaused(paused: boolean): void;
  /** The daemon has confirmed the end, or the stream has failed: nothing more will come. */
  onDone(): void;
}

type Phase = 'open' | 'finishing' | 'aborting' | 'done';

/** The largest piece sent in one packet. The daemon takes more, but others wait meanwhile. */
const MAX_DATA_BYTES = 1 << 20;
const ZEROS = Buffer.alloc(1 << 16);
/** How long the daemon may take to confirm that a stream was given up. */
const ABORT_TIMEOUT_MS = 5_000;

/**
 * The bytes that belong to one call: a transfer, a screenshot, a console. Reading is by iteration
 * (`for await`); it ends when the daemon has sent all, and leaving it early aborts the stream.
 * Writing ends with {@link finish}, which reports late errors too; {@link abort} gives up.
 */
export class RpcStream implements AsyncIterable<Uint8Array> {
  readonly #ports: StreamPorts;
  readonly #incoming: ChunkQueue;
  readonly #ended = deferred<void>();
  #phase: Phase = 'open';
  #failure: { readonly error: unknown } | undefined;

  constructor(ports: StreamPorts) {
    this.#ports = ports;
    // Once the end is asked for, its confirmation must not wait behind what nobody reads.
    this.#incoming = new ChunkQueue((full) => ports.setPaused(full && this.#phase === 'open'));
    this.#ended.promise.catch(() => undefined);
  }

  /** Settles when the stream is over: resolves after finish or abort, rejects when it failed. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Waits while the connection's queue is full. Rejects with what the daemon has refused. */
  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; at += MAX_DATA_BYTES) {
      this.#assertWritable();
      await this.#ports.sendData(data.subarray(at, at + MAX_DATA_BYTES));
    }
    this.#assertWritable();
  }

  /** Only for transfers opened as sparse: `length` bytes of zeros that take no space. */
  async writeHole(length: number): Promise<void> {
    this.#assertWritable();
    await this.#ports.sendHole(length);
  }

  /** Says that all is sent and waits until the daemon has taken it. */
  finish(): Promise<void> {
    if (this.#phase === 'open') {
      this.#phase = 'finishing';
      this.#ports.setPaused(false);
      this.#ports.sendEnd(PacketStatus.OK);
    }
    return this.#ended.promise;
  }

  /**
   * Gives up; whoever still reads or writes is told `reason`. Never rejects: a stream that is over
   * already, or has failed, stays as it is. Waits five seconds at most for the daemon's word.
   */
  async abort(reason: unknown = new StreamEndedError()): Promise<void> {
    if (this.#phase === 'open' || this.#phase === 'finishing') {
      this.#phase = 'aborting';
      this.#failure = { error: reason };
      this.#incoming.fail(reason);
      this.#ports.setPaused(false);
      this.#ports.sendEnd(PacketStatus.ERROR);
      const timer = setTimeout(() => this.confirm(), ABORT_TIMEOUT_MS);
      void this.#ended.promise.finally(() => clearTimeout(timer)).catch(() => undefined);
    }
    await this.#ended.promise.catch(() => undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of this.chunks()) {
      if ('data' in chunk) yield chunk.data;
      else yield* zeros(chunk.hole);
    }
  }

  /** Like iteration, but tells holes of a sparse download from data. */
  async *chunks(): AsyncGenerator<StreamChunk, void, undefined> {
    let complete = false;
    try {
      for (;;) {
        const chunk = await this.#incoming.next();
        if (chunk === null) break;
        yield chunk;
      }
      complete = true;
    } finally {
      if (!complete) await this.abort();
    }
    if (this.#phase === 'open') await this.finish();
  }

  /** As a Node stream to read from. Destroying it aborts this one. */
  toReadable(): Readable {
    return toReadable(this);
  }

  /** As a Node stream to write to: its end is {@link finish}, destroying it is {@link abort}. */
  toWritable(): Writable {
    return toWritable(this);
  }

  /** As a Node stream both ways, for consoles and channels. */
  toDuplex(): Duplex {
    return toDuplex(this);
  }

  /** As a Web stream to read from. Cancelling it aborts this one. */
  toReadableStream(): ReadableStream<Uint8Array> {
    return toReadableStream(this);
  }

  /** As a Web stream to write to: closing it is {@link finish}, aborting it is {@link abort}. */
  toWritableStream(): WritableStream<Uint8Array> {
    return toWritableStream(this);
  }

  /** Called by the channel with each data packet. An empty one is the daemon's end of file. */
  receive(data: Buffer): void {
    if (this.#phase === 'aborting' || this.#phase === 'done') return;
    if (data.length === 0) this.#incoming.end();
    else this.#incoming.push({ data });
  }

  receiveHole(length: number): void {
    if (this.#phase !== 'aborting' && this.#phase !== 'done') this.#incoming.push({ hole: length });
  }

  /** Called by the channel when the daemon has confirmed the end. */
  confirm(): void {
    if (!this.#close()) return;
    this.#incoming.end();
    this.#ended.resolve();
  }

  /** Called by the channel when the daemon, or the connection, has ended the stream. */
  fail(error: Error): void {
    const given = this.#phase === 'aborting';
    if (!this.#close()) return;
    if (given) {
      this.#ended.resolve();
      return;
    }
    this.#failure = { error };
    this.#incoming.fail(error);
    this.#ended.reject(error);
  }

  #close(): boolean {
    if (this.#phase === 'done') return false;
    this.#phase = 'done';
    this.#ports.setPaused(false);
    this.#ports.onDone();
    return true;
  }

  #assertWritable(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#phase !== 'open') throw new StreamEndedError();
  }
}

/** Writing to a stream after its end, or after the other side has ended it. */
export class StreamEndedError extends Error {
  override readonly name = 'StreamEndedError';
  readonly code = 'LIBVIRT_STREAM_ENDED';

  constructor() {
    super('the stream has ended');
  }
}

function* zeros(length: number): Generator<Uint8Array, void, undefined> {
  for (let left = length; left > 0; left -= ZEROS.length) {
    yield Buffer.from(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
  }
}
