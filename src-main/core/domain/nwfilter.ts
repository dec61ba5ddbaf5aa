import type { FilterPolicy } from '../../../src-contract/model/filter.ts';
import { el, serializeXml, type XmlElement } from './domain-xml-element.ts';
import { isStricter, presetEnding, presetRefusals } from './nwfilter-presets.ts';
import { compileRule, filterRule } from './nwfilter-rule.ts';

/**
 * libvirt's filter against forged MAC, IP and ARP addresses. Its sibling clean-traffic-gateway also keeps the
 * machines of a network apart, wants the gateway's MAC address as a parameter and lets no DHCP broadcast pass:
 * machines of one department are meant to see each other, and the gateway of a host's bridge is not ours to know.
 */
export const CLEAN_TRAFFIC = 'clean-traffic';

/** Where a running machine's address comes from, for clean-traffic: until its lease is seen only DHCP passes. */
export const IP_LEARNING = { name: 'CTRL_IP_LEARNING', value: 'dhcp' } as const;

const SLUG_MAX = 40;

/**
 * libvirt evaluates the rules of a filter and of all that it references as one list, by priority (-1000 … 1000),
 * each IP family for itself. clean-traffic has its ARP and MAC checks between -800 and -500.
 */
const PRIORITY = {
  essential: -1000,
  departmentRules: -940,
  departmentPreset: -740,
  /** Passes IPv6, which clean-traffic would drop, on to the rules; the check of the MAC address (-800) comes before. */
  ipv6: -730,
  machineRules: -720,
  machinePreset: -520,
  machineEnding: 900,
  departmentEnding: 950,
} as const;

export interface FilterSubject {
  kind: 'department' | 'machine';
  name: string;
  uuid: string;
  policy: FilterPolicy;
  /** The department's policy, when a machine's filter references that of its department. */
  parent: { name: string; policy: FilterPolicy } | null;
}

/** A policy that asks for nothing needs no filter. */
export function isOpen({ preset, rules }: FilterPolicy): boolean {
  return preset === 'allow-all' && rules.length === 0;
}

/** `berth-<slug of the owner's name>-<8 hex of its id>`, at most 55 ASCII characters. */
export function filterNameFor(ownerName: string, ownerId: string): string {
  const slug = ownerName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '');
  return `berth-${slug || 'filter'}-${idDigits(ownerId)}`;
}

/** Ids are UUIDs, but for the department that exists from the start. */
export function idDigits(id: string): string {
  const hex = id.replaceAll('-', '');
  return /^[0-9a-f]{8,}$/i.test(hex) ? hex.slice(0, 8).toLowerCase() : fnv1a(id);
}

/** FNV-1a, 32 bits: eight digits that stay the same. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export function inheritedFilter({ parent }: Pick<FilterSubject, 'parent'>): string {
  return parent?.name ?? CLEAN_TRAFFIC;
}

/**
 * libvirt's nwfilter for a policy (https://libvirt.org/formatnwfilter.html). The first rule that matches decides:
 * what a machine needs to have an address at all, the department's rules, what its preset forbids, the machine's rules,
 * what its preset forbids, the endings. So a machine can close what its department leaves open, and not the reverse.
 * The same input gives the same text.
 */
export function buildFilterXml(subject: FilterSubject): string {
  const { name, uuid, parent } = subject;
  return serializeXml(
    el(
      'filter',
      { name, chain: 'root' },
      el('uuid', {}, uuid),
      el('filterref', { filter: inheritedFilter(subject) }),
      ...(parent === null ? essentials() : []),
      ...ownRules(subject),
      ...presetRefusals(subject.policy.preset, presetPriority(subject)),
      ...ending(subject),
    ),
  );
}

function ownRules({ kind, policy }: FilterSubject): XmlElement[] {
  const first = kind === 'machine' ? PRIORITY.machineRules : PRIORITY.departmentRules;
  return policy.rules
    .toSorted((a, b) => a.priority - b.priority)
    .flatMap((rule, index) => compileRule(rule, first + index));
}

const presetPriority = ({ kind }: FilterSubject): number =>
  kind === 'machine' ? PRIORITY.machinePreset : PRIORITY.departmentPreset;

function ending({ kind, policy, parent }: FilterSubject): XmlElement[] {
  if (kind === 'department') return presetEnding(policy.preset, PRIORITY.departmentEnding);
  if (parent !== null && !isStricter(policy.preset, parent.policy.preset)) return [];
  return presetEnding(policy.preset, PRIORITY.machineEnding);
}

/** DHCP (RFC 2131, RFC 8415), neighbour discovery (RFC 4861) and errors about connections that are allowed. */
function essentials(): XmlElement[] {
  const pass = (direction: 'in' | 'out', match: XmlElement) =>
    filterRule('accept', direction, PRIORITY.essential, match, 'false');
  const ports = (srcportstart: number, dstportstart: number) => ({ srcportstart, dstportstart });
  const neighbour = (direction: 'in' | 'out', type: number) =>
    pass(direction, el('icmpv6', { type }));
  return [
    pass('out', el('udp', ports(68, 67))),
    pass('in', el('udp', ports(67, 68))),
    pass('out', el('udp-ipv6', ports(546, 547))),
    pass('in', el('udp-ipv6', ports(547, 546))),
    ...[133, 135, 136].map((type) => neighbour('out', type)),
    ...[134, 135, 136].map((type) => neighbour('in', type)),
    // A machine is no router: nobody's default route may become it.
    filterRule('drop', 'out', PRIORITY.essential, el('icmpv6', { type: 134 }), 'false'),
    filterRule('accept', 'in', PRIORITY.essential, el('icmp', { state: 'RELATED' })),
    filterRule('accept', 'in', PRIORITY.essential, el('icmpv6', { state: 'RELATED' })),
    filterRule('accept', 'inout', PRIORITY.ipv6, el('mac', { protocolid: 'ipv6' })),
  ];
}
