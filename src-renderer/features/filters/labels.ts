import type { Filter, FilterPreset, FilterRule } from '../../../src-contract/model/filter.ts';
import type { BadgeTone } from '../../ui/StateBadge.tsx';

export const PRESETS: { value: FilterPreset; label: string }[] = [
  { value: 'allow-all', label: 'Allow everything' },
  { value: 'allow-outbound', label: 'Allow only connections that machines open' },
  { value: 'internet-only', label: 'Allow only web, DNS and time' },
  { value: 'allow-all-but-services', label: 'Allow all but SSH, SMB and databases' },
  { value: 'block-all', label: 'Block everything' },
];

export const presetLabel = (preset: FilterPreset): string =>
  PRESETS.find(({ value }) => value === preset)?.label ?? preset;

export const DIRECTIONS = [
  { value: 'in', label: 'To the machine' },
  { value: 'out', label: 'From the machine' },
  { value: 'inout', label: 'Both ways' },
] as const;

export const ACTIONS = [
  { value: 'accept', label: 'Accept' },
  { value: 'drop', label: 'Drop' },
  { value: 'reject', label: 'Reject' },
] as const;

export const PROTOCOLS = ['all', 'tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'arp'] as const;
export const STATES = ['new', 'established', 'related', 'invalid'] as const;

const STATE: Record<Filter['state'], { tone: BadgeTone; label: string }> = {
  verified: { tone: 'good', label: 'In force' },
  missing: { tone: 'bad', label: 'Missing in libvirt' },
  differs: { tone: 'bad', label: 'Differs in libvirt' },
  unknown: { tone: 'warn', label: 'Not known' },
  unsupported: { tone: 'warn', label: 'Not supported here' },
};

/** A policy that asks for nothing has nothing to be in force. */
export function stateBadge({ state, xml }: Filter): { tone: BadgeTone; label: string } {
  return xml === '' && state === 'verified' ? { tone: 'quiet', label: 'No filter' } : STATE[state];
}

export const directionLabel = ({ direction }: FilterRule): string =>
  DIRECTIONS.find(({ value }) => value === direction)?.label ?? direction;

export function portsText({ ports }: FilterRule): string {
  if (ports === null) return 'any';
  return ports.start === ports.end ? String(ports.start) : `${ports.start}–${ports.end}`;
}
