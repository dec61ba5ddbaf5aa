import { wantsUnattended } from '../../../src-contract/model/unattended.ts';
import type { Wish } from './request.ts';
import { needsSeed } from './request.ts';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;

/** A new qcow2 file: its header and first tables. */
const EMPTY_DISK_BYTES = MIB;
const SEED_BYTES = MIB;
/** Kernel and initrd of the try-out machine, which are small and stay so. */
const TRYOUT_BYTES = 32 * MIB;
/** Kernel and initrd of an installer, until it has ended. */
const INSTALLER_BYTES = 128 * MIB;

export interface DiskNeed {
  /** Bytes taken at once. */
  now: number;
  /** Bytes when the guest has written every sector of its disk. */
  worst: number;
}

export function diskNeed(wish: Wish): DiskNeed {
  const seed = needsSeed(wish) ? SEED_BYTES : 0;
  if (wish.template.source.kind === 'tryout') {
    return { now: TRYOUT_BYTES + seed, worst: TRYOUT_BYTES + seed };
  }
  const extra = wish.extraDisks.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0);
  const files = 1 + wish.extraDisks.length;
  const installer = wantsUnattended(wish.template) ? INSTALLER_BYTES : 0;
  const fixed = seed + installer;
  return { now: files * EMPTY_DISK_BYTES + fixed, worst: wish.diskBytes + extra + fixed };
}

/** `1.5 GiB`, `512 MiB`: for people. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(value < 10 && unit > 0 ? 1 : 0))} ${units[unit]}`;
}

export const roundUp = (bytes: number, step: number): number => Math.ceil(bytes / step) * step;
export const roundDown = (bytes: number, step: number): number => Math.floor(bytes / step) * step;
