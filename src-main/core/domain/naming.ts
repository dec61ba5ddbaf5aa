import { MACHINE_NAME_MAX } from '../../../src-contract/model/ids.ts';

const DOMAIN_NAME_MAX = 48;
const HOSTNAME_MAX = 63;

/** Controls, line separators, text-direction overrides, lone surrogates and non-characters: unseen or not XML. */
const UNPRINTABLE =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with a display name, as a sentence; null = nothing. Spaces, quotes and any script are fine. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'A machine needs a name.';
  if ([...name].length > MACHINE_NAME_MAX) {
    return `A name has at most ${MACHINE_NAME_MAX} characters.`;
  }
  if (UNPRINTABLE.test(name)) return 'A name cannot have control characters or line breaks.';
  if (name.includes('/')) return 'A name cannot have a slash.';
  if (/^[\s.]|[\s.]$/u.test(name)) return 'A name cannot begin or end with a space or a dot.';
  return null;
}

/** Names with equal keys are the same name to a person: NFC-normalised, without case. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** `name`, or `name-2`, `name-3` …: the first one that is free. */
export function nextFreeName(name: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(name)) return name;
  const match = /^(.*?)-(\d{1,6})$/u.exec(name);
  const base = match?.[1] || name;
  for (let number = match ? Number(match[2]) + 1 : 2; ; number++) {
    const suffix = `-${number}`;
    const room = MACHINE_NAME_MAX - suffix.length;
    const candidate = `${[...base].slice(0, room).join('').trimEnd()}${suffix}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** `name-1`, `name-2` …: so many that are free. One alone keeps its name. */
export function numberedNames(
  name: string,
  count: number,
  isTaken: (candidate: string) => boolean,
): string[] {
  if (count === 1) return [name];
  const names: string[] = [];
  for (let number = 1; names.length < count; number++) {
    const suffix = `-${number}`;
    const candidate = `${[...name]
      .slice(0, MACHINE_NAME_MAX - suffix.length)
      .join('')
      .trimEnd()}${suffix}`;
    if (!isTaken(candidate)) names.push(candidate);
  }
  return names;
}

function ascii(name: string, allowed: RegExp): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(allowed, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
}

/**
 * The domain's name in libvirt, from which volume and file names follow: ASCII letters, digits, `.`, `_`, `-`.
 * The display name is kept as the domain's title.
 */
export function domainNameFor(name: string, isTaken: (candidate: string) => boolean): string {
  const base =
    ascii(name, /[^A-Za-z0-9._-]+/g)
      .slice(0, DOMAIN_NAME_MAX)
      .replace(/[-._]+$/, '') || 'machine';
  return nextFreeName(base, isTaken);
}

/** A host name by RFC 1123, one label. */
export function hostnameFor(name: string): string {
  const label = ascii(name.toLowerCase(), /[^a-z0-9-]+/g)
    .slice(0, HOSTNAME_MAX)
    .replace(/-+$/, '');
  return label || 'machine';
}
