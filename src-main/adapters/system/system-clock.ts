import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/ports/system.ts';

/** Longest time that a Node timer can wait (2^31 - 1 ms); a longer one would fire at once. */
const TIMER_MAX_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};

/** Rejects with the signal's reason as soon as it is aborted. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  try {
    for (let left = ms; left > 0; left = end - performance.now()) {
      await delay(Math.min(left, TIMER_MAX_MS), undefined, signal && { signal });
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
  signal?.throwIfAborted();
}
