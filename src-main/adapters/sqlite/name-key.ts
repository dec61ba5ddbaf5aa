/**
 * What two names have in common when a person would take them for the same: composed alike (NFC) and
 * without case. Upper case first, since it unfolds what lower case keeps apart (`ß` and `ss`).
 */
export function nameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
