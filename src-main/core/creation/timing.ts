import { BerthError } from '../errors.ts';
import type { Clock } from '../ports/system.ts';

/** Rejects with the signal's reason as soon as it aborts, whatever becomes of the promise. */
export function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.reject(signal.reason);
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Gives a call that long, then aborts its signal and rejects with `code`. */
export async function within<T>(
  clock: Clock,
  limit: { ms: number; code: string; message: string; signal?: AbortSignal },
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const stop = new AbortController();
  const signal = limit.signal ? AbortSignal.any([stop.signal, limit.signal]) : stop.signal;
  clock.sleep(limit.ms, done.signal).then(
    () => stop.abort(new BerthError(limit.code, limit.message, { retryable: true })),
    () => undefined,
  );
  try {
    return await raceAbort(call(signal), signal);
  } finally {
    done.abort();
  }
}

/** True when all promises settled, false when the time was up before. */
export async function settledWithin(
  clock: Clock,
  promises: Iterable<Promise<unknown>>,
  ms: number,
): Promise<boolean> {
  const all = [...promises];
  if (all.length === 0) return true;
  const done = new AbortController();
  const timeout = clock.sleep(ms, done.signal).then(
    () => false,
    () => false,
  );
  const settled = Promise.allSettled(all).then(() => true);
  const result = await Promise.race([settled, timeout]);
  done.abort();
  return result;
}
