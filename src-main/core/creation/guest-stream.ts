import { type GuestLine, GuestLineParser } from './guest-lines.ts';
import { raceAbort } from './timing.ts';

/**
 * The lines of a guest's port. One that nobody has taken waits for whoever asks next, so that the watch of one stage
 * can hand on to that of another without a gap.
 */
export class GuestLines {
  readonly #close: () => void;
  readonly #lines: AsyncGenerator<GuestLine>;
  #pending: Promise<IteratorResult<GuestLine>> | null = null;

  constructor(chunks: AsyncIterable<Uint8Array>, close: () => void) {
    this.#lines = linesOf(chunks);
    this.#close = close;
  }

  /** Null at the end. Rejects with the signal's reason, or the port's error. */
  async next(signal: AbortSignal): Promise<GuestLine | null> {
    signal.throwIfAborted();
    this.#pending ??= this.#lines.next();
    const result = await raceAbort(this.#pending, signal);
    this.#pending = null;
    return result.done === true ? null : result.value;
  }

  close(): void {
    this.#close();
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<GuestLine> {
  const parser = new GuestLineParser();
  for await (const chunk of chunks) yield* parser.push(chunk);
}
