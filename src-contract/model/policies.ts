import { z } from 'zod';

/** Rules of this host for all creations. */
export const policiesSchema = z.object({
  /** Creations that run at once. */
  creationSlots: z.number().int().min(1).max(64).default(5),
  /** All machines together may have this many times the host's memory. */
  memoryOvercommit: z.number().min(0.1).max(16).default(1),
  /** Whose memory counts: of machines that run, or of all that are defined. */
  memoryCounts: z.enum(['running', 'defined']).default('running'),
});
export type Policies = z.infer<typeof policiesSchema>;

export const policyChangeSchema = policiesSchema
  .extend({
    creationSlots: policiesSchema.shape.creationSlots.unwrap(),
    memoryOvercommit: policiesSchema.shape.memoryOvercommit.unwrap(),
    memoryCounts: policiesSchema.shape.memoryCounts.unwrap(),
  })
  .partial();
export type PolicyChange = z.infer<typeof policyChangeSchema>;
