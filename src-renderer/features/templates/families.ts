import type { Application, OsFamily } from '../../../src-contract/model/application.ts';

/** Families of systems as their makers write them. */
export const FAMILY_NAMES: Record<OsFamily, string> = {
  debian: 'Debian',
  fedora: 'Fedora',
  suse: 'SUSE',
  arch: 'Arch',
  alpine: 'Alpine',
  windows: 'Windows',
};

export const FAMILIES = Object.keys(FAMILY_NAMES) as OsFamily[];

export const familiesText = (commands: Application['commands']): string =>
  FAMILIES.filter((family) => commands[family] !== undefined)
    .map((family) => FAMILY_NAMES[family])
    .join(', ');
