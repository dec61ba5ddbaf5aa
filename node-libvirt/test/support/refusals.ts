import { expect } from 'vitest';
import type { LibvirtError } from '../../src/index.ts';

type Predicate = {
  [K in keyof LibvirtError]: LibvirtError[K] extends boolean ? K : never;
}[keyof LibvirtError];

/** The daemon says no, and in the way that `predicate` names. */
export async function refused(call: Promise<unknown>, predicate?: Predicate): Promise<void> {
  const shape = predicate === undefined ? {} : { [predicate]: true };
  await expect(call).rejects.toMatchObject({ name: 'LibvirtError', ...shape });
}

/** Either this daemon is too old for the call, or it refuses what is asked of it. */
export async function tooOldOrRefused(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: 'LibvirtError' });
}
