import type { CreationDeps } from './service.ts';
import { within } from './timing.ts';

/** libvirt has no event for it. */
const SAMPLE_MS = 15_000;
const LIMIT = {
  ms: 10_000,
  code: 'disk_unknown',
  message: 'libvirt does not tell what is written',
};

/**
 * Looks from time to time at what a domain has written to its disks, in bytes since it was started, and calls `moved`
 * when that is not what it was. Ends with the signal alone: rejects with its reason.
 */
export async function watchDisk(
  { hypervisor, clock }: Pick<CreationDeps, 'hypervisor' | 'clock'>,
  uuid: string,
  signal: AbortSignal,
  moved: (bytes: number) => void,
): Promise<never> {
  let last = 0;
  for (;;) {
    await clock.sleep(SAMPLE_MS, signal);
    const bytes = await within(clock, { ...LIMIT, signal }, (inner) =>
      hypervisor.bytesWritten(uuid, { signal: inner }),
    ).catch(() => null);
    signal.throwIfAborted();
    if (bytes === null || bytes === last) continue;
    last = bytes;
    moved(bytes);
  }
}
