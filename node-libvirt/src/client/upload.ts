import { Buffer } from 'node:buffer';
import type { RpcStream } from '../connection/rpc-stream.ts';

/** A Readable, a generator, an array of chunks: anything that yields bytes. */
export type UploadSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

interface PumpOptions {
  readonly sparse: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Zeros are only worth a packet of their own from this size on. */
const HOLE_BYTES = 1 << 16;
const ZEROS = Buffer.alloc(HOLE_BYTES);

/** Sends everything from `source`, then waits for the daemon's word that it has it. */
export async function pump(
  source: UploadSource,
  stream: RpcStream,
  { sparse, signal, onProgress }: PumpOptions,
): Promise<number> {
  let total = 0;
  try {
    for await (const chunk of source) {
      signal?.throwIfAborted();
      if (sparse) await writeSparse(stream, chunk);
      else await stream.write(chunk);
      total += chunk.length;
      onProgress?.(total);
    }
    signal?.throwIfAborted();
    await stream.finish();
    signal?.throwIfAborted();
    return total;
  } catch (error) {
    await stream.abort();
    throw signal?.aborted ? signal.reason : error;
  }
}

async function writeSparse(stream: RpcStream, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; at += HOLE_BYTES) {
    const piece = chunk.subarray(at, at + HOLE_BYTES);
    if (ZEROS.subarray(0, piece.length).equals(piece)) await stream.writeHole(piece.length);
    else await stream.write(piece);
  }
}
