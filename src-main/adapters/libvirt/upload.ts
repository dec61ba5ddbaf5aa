import type { CallOptions } from '../../core/ports/hypervisor.ts';
import type { Context } from './context.ts';
import { within } from './deadline.ts';
import { timedOut, translate } from './errors.ts';

/** An upload may take hours, but not stand still for so long. */
const STALL_TIMEOUT_MS = 120_000;

interface Target {
  pool: string;
  name: string;
}

/** Streams a source into a volume. The volume stays when it fails: its creator removes it. */
export async function uploadVolume(
  { run }: Context,
  { pool, name }: Target,
  source: AsyncIterable<Uint8Array>,
  options: CallOptions & { onBytes?: (sent: number) => void } = {},
): Promise<void> {
  const { signal, onBytes } = options;
  const doing = `upload into the volume “${name}”`;
  const volume = await run(
    doing,
    async (connection, call) => {
      const found = await connection.storagePoolLookupByName(pool, call);
      return found.volLookupByName(name, call);
    },
    options,
  );
  await within(STALL_TIMEOUT_MS, signal, async (stall) => {
    try {
      await volume.upload(untilAborted(source, stall.signal), {
        signal: stall.signal,
        onProgress: (sent) => {
          stall.restart();
          onBytes?.(sent);
        },
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (stall.expired) throw timedOut(doing, stall.milliseconds, error);
      throw translate(doing, error);
    }
  });
}

/** The same bytes, but a source that never answers cannot hold up the end. */
async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => undefined);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const iterator = source[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const step = await Promise.race([iterator.next(), aborted]);
      finished = step.done === true;
      if (step.done) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // A generator that hangs in `next` would let `return` hang as well: it is not waited for.
    if (!finished) void iterator.return?.()?.catch(() => undefined);
  }
}
