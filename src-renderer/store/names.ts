import type { BerthState } from './state.ts';

/** A free name made from the template's: `debian-12`, then `debian-12-2`, `debian-12-3` … */
export function nextFreeName(
  templateName: string,
  state: Pick<BerthState, 'machines' | 'creations'>,
): string {
  const taken = new Set<string>();
  for (const machine of state.machines.values()) taken.add(machine.name.toLowerCase());
  for (const creation of state.creations.values()) {
    if (creation.state !== 'failed' && creation.state !== 'cancelled')
      taken.add(creation.name.toLowerCase());
  }
  const base =
    templateName
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 48) || 'machine';
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) {
    const name = `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}
