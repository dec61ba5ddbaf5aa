import type { InstallerMedium } from './media.ts';

/**
 * Minutes for which an installer on KVM may neither say nor write anything nor restart, where its template does not
 * say. What takes that long without a word: downloads of packages (all), unpacking images in memory (Ubuntu, Fedora),
 * and preparing devices (Windows).
 */
export const PATIENCE_MINUTES: Readonly<Record<InstallerMedium['family'], number>> = {
  debian: 10,
  ubuntu: 15,
  fedora: 15,
  rhel: 15,
  opensuse: 15,
  windows: 20,
  drivers: 20,
  unknown: 20,
};

/** A day: after that nobody waits for a sign of life any more. */
export const PATIENCE_MINUTES_MAX = 1440;
