import { PATIENCE_MINUTES } from '../../../src-contract/model/installer-patience.ts';
import type { InstallerMedium } from '../../../src-contract/model/media.ts';

const EMULATED_FACTOR = 4;
const MINUTE_MS = 60_000;

interface Installer {
  family: InstallerMedium['family'];
  accelerator: 'kvm' | 'tcg';
  /** What the template says; null = what is usual for the family. */
  minutes: number | null;
}

/** How long to wait for a sign of life of an installer, in milliseconds. */
export function installerPatienceMs({ family, accelerator, minutes }: Installer): number {
  const factor = accelerator === 'tcg' ? EMULATED_FACTOR : 1;
  return (minutes ?? PATIENCE_MINUTES[family]) * factor * MINUTE_MS;
}
