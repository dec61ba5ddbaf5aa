import { z } from 'zod';
import { timestampSchema } from './ids.ts';

/** What a filter starts from; own rules come before it. */
export const FILTER_PRESETS = [
  /** No filtering by Berth beyond libvirt's clean-traffic. */
  'allow-all',
  /** New connections from the machine to anywhere, none to it. */
  'allow-outbound',
  /** Only DNS, NTP, HTTP and HTTPS out. */
  'internet-only',
  'block-all',
  /** Everything but SSH, SMB and database ports. */
  'allow-all-but-services',
] as const;
export const filterPresetSchema = z.enum(FILTER_PRESETS);
export type FilterPreset = z.infer<typeof filterPresetSchema>;

const portRange = z
  .object({
    start: z.number().int().min(0).max(65_535),
    end: z.number().int().min(0).max(65_535),
  })
  .refine(({ start, end }) => start <= end, 'the range ends before it starts');

/** A rule of libvirt's nwfilter. Smaller priorities are looked at first; the first rule that matches decides. */
export const filterRuleSchema = z.object({
  id: z.string().min(1).max(64),
  /** Seen from the machine: `in` = towards it. */
  direction: z.enum(['in', 'out', 'inout']),
  action: z.enum(['accept', 'drop', 'reject']),
  protocol: z.enum(['all', 'tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'arp']),
  /** The other side: an IPv4 or IPv6 address, with a prefix length for a network; null = any. */
  remote: z.string().max(64).nullable(),
  /** Port on the receiving side, for tcp, udp and sctp; null = any. */
  ports: portRange.nullable(),
  priority: z.number().int().min(-1000).max(1000),
  /** Connection states that it matches; empty = all. */
  states: z.array(z.enum(['new', 'established', 'related', 'invalid'])),
  comment: z.string().max(255),
});
export type FilterRule = z.infer<typeof filterRuleSchema>;

export const filterPolicySchema = z.object({
  preset: filterPresetSchema,
  rules: z.array(filterRuleSchema).max(200),
});
export type FilterPolicy = z.infer<typeof filterPolicySchema>;

export const filterOwnerSchema = z.object({
  kind: z.enum(['department', 'machine']),
  id: z.string().min(1).max(64),
});
export type FilterOwner = z.infer<typeof filterOwnerSchema>;

/** Two rules that cannot both have an effect, or that say the same. */
export const filterConflictSchema = z.object({
  kind: z.enum(['duplicate', 'shadowed', 'contradiction', 'overlap']),
  ruleIds: z.array(z.string()),
  message: z.string(),
});
export type FilterConflict = z.infer<typeof filterConflictSchema>;

export const filterSchema = z.object({
  owner: filterOwnerSchema,
  /** Name of libvirt's nwfilter: `berth-…`. */
  name: z.string(),
  policy: filterPolicySchema,
  /** The filter that it references: its department's, or libvirt's own. */
  inherits: z.string().nullable(),
  conflicts: z.array(filterConflictSchema),
  /** Read back from libvirt: `verified` = its XML and its bindings are what they should be. */
  state: z.enum(['verified', 'missing', 'differs', 'unknown', 'unsupported']),
  /** Network interfaces of running machines that it is bound to. */
  bindings: z.array(z.object({ device: z.string(), machineId: z.string().nullable() })),
  checkedAt: timestampSchema.nullable(),
  xml: z.string(),
});
export type Filter = z.infer<typeof filterSchema>;
