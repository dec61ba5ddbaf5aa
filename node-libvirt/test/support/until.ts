import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds; fails when it does not within `timeoutMs`, which only ends what hangs. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(2);
  }
}
