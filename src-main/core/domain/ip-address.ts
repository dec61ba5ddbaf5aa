export interface IpNetwork {
  readonly family: 4 | 6;
  /** The address as given; bits behind the prefix may be set. */
  readonly address: bigint;
  /** Length in bits. */
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;
const GROUP = /^[0-9a-f]{1,4}$/i;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** An IPv4 or IPv6 address (RFC 4291, section 2.2), with `/length` for a network; null = neither. */
export function parseIpNetwork(text: string): IpNetwork | null {
  const [address = '', length, rest] = text.split('/');
  if (rest !== undefined) return null;
  const family = address.includes(':') ? 6 : 4;
  const value = family === 6 ? parseIpv6(address) : parseIpv4(address);
  if (value === null) return null;
  if (length === undefined) return { family, address: value, prefix: BITS[family] };
  const prefix = OCTET.test(length) ? Number(length) : Number.NaN;
  return prefix <= BITS[family] ? { family, address: value, prefix } : null;
}

function parseIpv4(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4) return null;
  if (!octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255)) return null;
  return octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? join(head) : null;
  const gap = 8 - head.length - tail.length;
  return gap >= 1 ? join([...head, ...Array.from({ length: gap }, () => 0), ...tail]) : null;
}

/** The groups of one half; an IPv4 address at its end is two of them. */
function groupsOf(half: string): number[] | null {
  if (half === '') return [];
  const parts = half.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.') && index === parts.length - 1) {
      const value = parseIpv4(part);
      if (value === null) return null;
      groups.push(Number(value >> 16n), Number(value & 0xffffn));
    } else if (GROUP.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

const join = (groups: readonly number[]): bigint =>
  groups.reduce((value, group) => value * 65_536n + BigInt(group), 0n);

/** IPv6 by RFC 5952: lower case, the longest run of zero groups left out. */
export function formatAddress(family: 4 | 6, address: bigint): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 0xffn)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((address >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  ).join(':');
  const runs = groups.match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups;
  const at = groups.indexOf(longest);
  const before = groups.slice(0, at).replace(/:$/, '');
  return `${before}::${groups.slice(at + longest.length).replace(/^:/, '')}`;
}

/** The first and the last address. */
export function rangeOf({ family, address, prefix }: IpNetwork): { first: bigint; last: bigint } {
  const hostBits = BigInt(BITS[family] - prefix);
  const first = (address >> hostBits) << hostBits;
  return { first, last: first + (1n << hostBits) - 1n };
}

export function containsNetwork(outer: IpNetwork, inner: IpNetwork): boolean {
  if (outer.family !== inner.family) return false;
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a.first <= b.first && b.last <= a.last;
}

export function networksOverlap(one: IpNetwork, other: IpNetwork): boolean {
  if (one.family !== other.family) return false;
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first <= b.last && b.first <= a.last;
}
