import { z } from 'zod';
import { quotaSchema } from './department.ts';
import { findingSchema } from './error.ts';
import { bytesSchema } from './ids.ts';

/** Something that a creation would make outside of Berth's own database, in order. */
export const plannedResourceSchema = z.object({
  kind: z.enum(['pool', 'volume', 'network', 'domain', 'nwfilter']),
  name: z.string(),
  detail: z.string(),
  /** Bytes taken at once, where it takes disk space. */
  bytes: bytesSchema.optional(),
});
export type PlannedResource = z.infer<typeof plannedResourceSchema>;

/** The receipt: everything that would happen, before anything does. */
export const planSchema = z.object({
  findings: z.array(findingSchema),
  resources: z.array(plannedResourceSchema),
  undo: z.array(z.string()),
  /** Null while an error finding makes it impossible to build one. */
  domainXml: z.string().nullable(),
  /** Files of the seed medium, secrets masked. */
  seed: z.array(z.object({ path: z.string(), content: z.string() })),
  estimate: z.object({
    seconds: z.number(),
    basis: z.enum(['history', 'template']),
  }),
  disk: z.object({ now: bytesSchema, worst: bytesSchema, available: bytesSchema.nullable() }),
  memory: z.object({ needed: bytesSchema, hostTotal: bytesSchema, leftAfter: z.number() }),
  /** What the department may have, and what of it will be left; null where that is not known. */
  quota: z
    .object({ department: z.string(), limits: quotaSchema, leftAfter: quotaSchema })
    .nullable()
    .default(null),
  /** Of several machines that are asked for at once; `resources`, `undo`, `domainXml` and `seed` are the first one's. */
  names: z.array(z.string()).default([]),
  network: z.string(),
  accelerator: z.enum(['kvm', 'tcg']),
});
export type Plan = z.infer<typeof planSchema>;
