import { Buffer } from 'node:buffer';
import { ProtocolError } from '../wire/protocol-error.ts';

/** A piece of a stream: bytes, or a run of zeros that was not sent. */
export type StreamChunk = { readonly data: Buffer } | { readonly hole: number };

const FULL_BYTES = 1 << 20;
const LOW_BYTES = 1 << 18;
/** More than this can only come from a daemon that does not heed the pause. */
const MAX_BYTES = 1 << 26;
/** What holding a chunk costs besides its bytes: without it, empty chunks would be free. */
const CHUNK_BYTES = 256;
/** Smaller views would keep the much larger buffer alive that they came in. */
const COPY_BELOW_BYTES = 1 << 15;

/** Holds what has arrived until the reader takes it, and says when it holds enough. */
export class ChunkQueue {
  readonly #onFull: (full: boolean) => void;
  #chunks: StreamChunk[] = [];
  #bytes = 0;
  #full = false;
  #ended = false;
  #error: unknown;
  #failed = false;
  #waiting: (() => void)[] = [];

  constructor(onFull: (full: boolean) => void) {
    this.#onFull = onFull;
  }

  /** @throws ProtocolError `unread-data` when it holds 64 MiB. */
  push(chunk: StreamChunk): void {
    this.#chunks.push(own(chunk));
    this.#bytes += size(chunk);
    if (this.#bytes > MAX_BYTES) {
      throw new ProtocolError('unread-data', 'the daemon has sent 64 MiB that nobody has read');
    }
    // Said each time, because whoever was told may not have been able to act on it.
    if (this.#bytes > FULL_BYTES) this.#setFull(true);
    this.#wake();
  }

  /** No more will come; what is there can still be read. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** What is there can still be read, then {@link next} rejects. */
  fail(error: unknown): void {
    if (!this.#failed) this.#error = error;
    this.#failed = true;
    this.#wake();
  }

  /** The next chunk, or null at the end. Readers at the same time share the chunks. */
  async next(): Promise<StreamChunk | null> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#bytes -= size(chunk);
        if (this.#full && this.#bytes < LOW_BYTES) this.#setFull(false);
        return chunk;
      }
      if (this.#failed) throw this.#error;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #setFull(full: boolean): void {
    this.#full = full;
    this.#onFull(full);
  }
}

function size(chunk: StreamChunk): number {
  return CHUNK_BYTES + ('data' in chunk ? chunk.data.length : 0);
}

function own(chunk: StreamChunk): StreamChunk {
  if (!('data' in chunk) || chunk.data.length >= COPY_BELOW_BYTES) return chunk;
  return { data: Buffer.from(chunk.data) };
}
