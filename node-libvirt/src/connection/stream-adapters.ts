import {
  Duplex,
  Readable,
  type ReadableOptions,
  Writable,
  type WritableOptions,
} from 'node:stream';
import { ReadableStream, WritableStream } from 'node:stream/web';

/** What the adapters need of an RpcStream. */
interface ByteStream extends AsyncIterable<Uint8Array> {
  write(data: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

type Done = (error?: Error | null) => void;

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Runs `work` and tells a callback of Node's streams how it ended. */
function settle(work: Promise<unknown>, done: Done): void {
  work.then(
    () => done(),
    (error: unknown) => done(asError(error)),
  );
}

function reading(stream: ByteStream): Required<Pick<ReadableOptions, 'read'>> {
  const chunks = stream[Symbol.asyncIterator]();
  return {
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done ? null : value),
        (error: unknown) => this.destroy(asError(error)),
      );
    },
  };
}

function writing(stream: ByteStream): Required<Pick<WritableOptions, 'write' | 'final'>> {
  return {
    write: (chunk: Uint8Array, _encoding, done) => settle(stream.write(chunk), done),
    final: (done) => settle(stream.finish(), done),
  };
}

/** Gives the stream up unless it is over: `abort` then does nothing. */
function destroying(stream: ByteStream) {
  return {
    destroy: (error: Error | null, done: Done) => {
      void stream.abort(error ?? undefined).then(() => done(error));
    },
  };
}

export function toReadable(stream: ByteStream): Readable {
  return new Readable({ ...reading(stream), ...destroying(stream) });
}

export function toWritable(stream: ByteStream): Writable {
  return new Writable({ ...writing(stream), ...destroying(stream) });
}

export function toDuplex(stream: ByteStream): Duplex {
  return new Duplex({ ...reading(stream), ...writing(stream), ...destroying(stream) });
}

export function toReadableStream(stream: ByteStream): ReadableStream<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => stream.abort(reason),
    },
    { highWaterMark: 0 },
  );
}

export function toWritableStream(stream: ByteStream): WritableStream<Uint8Array> {
  return new WritableStream<Uint8Array>({
    write: (chunk) => stream.write(chunk),
    close: () => stream.finish(),
    abort: (reason) => stream.abort(reason),
  });
}
