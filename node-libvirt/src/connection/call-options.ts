import type { Lane } from '../wire/procedure.ts';

/** The last, optional argument of every call. */
export interface CallOptions {
  /**
   * Rejects the call with the signal's reason. A call that was sent already goes on in the daemon;
   * a stream is aborted.
   */
  readonly signal?: AbortSignal | undefined;
  /** Rejects the call with {@link TimeoutError} after so many milliseconds; 0 means never. */
  readonly timeoutMs?: number | undefined;
}

/**
 * How long a call may take when its caller does not say. Slow calls take as long as they take: a
 * daemon that is gone or hangs is found by the keepalive.
 */
export const DEFAULT_TIMEOUT_MS: Readonly<Record<Lane, number>> = {
  quick: 60_000,
  heavy: 600_000,
  slow: 0,
};
