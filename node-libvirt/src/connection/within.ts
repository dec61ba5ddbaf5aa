import { type CallOptions, DEFAULT_TIMEOUT_MS } from './call-options.ts';
import { TimeoutError } from './errors.ts';

/** Waits for what others wait for as well: giving up ends this waiting only, not the work. */
export function within<T>(
  work: Promise<T>,
  what: string,
  { signal, timeoutMs = DEFAULT_TIMEOUT_MS.quick }: CallOptions = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new TimeoutError(what, timeoutMs, true));
    const timer = timeoutMs > 0 ? setTimeout(late, Math.min(timeoutMs, 0x7fff_ffff)) : undefined;
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
  });
}
