import { z } from 'zod';
import { filterPolicySchema } from './filter.ts';
import { bytesSchema, timestampSchema } from './ids.ts';

export const PERSONAL_DEPARTMENT = 'personal';

/** Each role may do what the ones before it may. */
export const ROLES = ['viewer', 'operator', 'manager', 'owner'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** A user or a group of this host, by its name. */
export const memberSchema = z.object({
  kind: z.enum(['user', 'group']),
  name: z.string().min(1).max(64),
  role: roleSchema,
});
export type Member = z.infer<typeof memberSchema>;

/** Null = no limit. */
export const quotaSchema = z.object({
  machines: z.number().int().nonnegative().nullable(),
  vcpus: z.number().int().nonnegative().nullable(),
  memoryBytes: bytesSchema.nullable(),
  diskBytes: bytesSchema.nullable(),
  gpus: z.number().int().nonnegative().nullable(),
});
export type Quota = z.infer<typeof quotaSchema>;

/** What a department's machines and open creations hold. */
export const usageSchema = z.object({
  machines: z.number().int().nonnegative(),
  vcpus: z.number().int().nonnegative(),
  memoryBytes: bytesSchema,
  diskBytes: bytesSchema,
  gpus: z.number().int().nonnegative(),
});
export type Usage = z.infer<typeof usageSchema>;

export const departmentNetworkSchema = z.discriminatedUnion('kind', [
  /** Machines use what their template says. */
  z.object({ kind: z.literal('none') }),
  /** A libvirt network that is there already. */
  z.object({ kind: z.literal('existing'), name: z.string().min(1).max(255) }),
  /** A network that Berth makes and removes with the department, in a subnet that was free. */
  z.object({
    kind: z.literal('own'),
    mode: z.enum(['nat', 'isolated']),
    /** Names in libvirt and CIDR; null until it is made. */
    network: z.string().nullable(),
    subnet: z.string().nullable(),
  }),
]);
export type DepartmentNetwork = z.infer<typeof departmentNetworkSchema>;

export const departmentIdSchema = z.string().min(1).max(64);

export const departmentSchema = z.object({
  id: departmentIdSchema,
  name: z.string().min(1).max(64),
  description: z.string().max(400),
  members: z.array(memberSchema),
  quota: quotaSchema,
  usage: usageSchema,
  network: departmentNetworkSchema,
  filter: filterPolicySchema,
  /** Role of the person who asks; computed for them. */
  ownRole: roleSchema,
  createdAt: timestampSchema,
});
export type Department = z.infer<typeof departmentSchema>;

/** What a new one begins with; it has no limits, no network of its own and no filter unless they are given. */
export const departmentDraftSchema = departmentSchema.pick({ name: true }).extend({
  ...departmentSchema.pick({ description: true, network: true, filter: true }).partial().shape,
  quota: quotaSchema.partial().optional(),
});
export type DepartmentDraft = z.infer<typeof departmentDraftSchema>;

/** What its owners may change; a field that is left out stays. */
export const departmentChangeSchema = departmentSchema
  .pick({ name: true, description: true, network: true, filter: true })
  .partial();
export type DepartmentChange = z.infer<typeof departmentChangeSchema>;
