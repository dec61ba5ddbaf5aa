import type { ProcessIdentity } from '../ports/system.ts';

/** The process that works on something, as a setting keeps it. */
export function encodeOwner({ pid, startTime, bootId }: ProcessIdentity): string {
  return `${pid} ${startTime} ${bootId}`;
}

/** Null when it names none; what follows the three words is the caller's. */
export function decodeOwner(text: string): ProcessIdentity | null {
  const [pid, startTime, bootId] = text.split(' ');
  if (!pid || !startTime || !bootId) return null;
  return { pid: Number(pid), startTime, bootId };
}
