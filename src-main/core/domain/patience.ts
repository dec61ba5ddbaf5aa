import type { InstallerMedium } from '../../../src-contract/model/media.ts';

/**
 * Minutes for which an installer on KVM may neither say nor write anything nor restart. What takes that long without a
 * word: downloads of packages (all), unpacking images in memory (Ubuntu, Fedora), and preparing devices (Windows).
 */
const QUIET_MINUTES: Record<InstallerMedium['family'], number> = {
  debian: 10,
  ubuntu: 15,
  fedora: 15,
  rhel: 15,
  opensuse: 15,
  windows: 20,
  drivers: 20,
  unknown: 20,
};
const EMULATED_FACTOR = 4;
const MINUTE_MS = 60_000;

/** How long to wait for a sign of life of an installer, in milliseconds. */
export function installerPatienceMs(
  family: InstallerMedium['family'],
  accelerator: 'kvm' | 'tcg',
): number {
  const factor = accelerator === 'tcg' ? EMULATED_FACTOR : 1;
  return QUIET_MINUTES[family] * factor * MINUTE_MS;
}
