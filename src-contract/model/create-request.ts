import { z } from 'zod';
import { chosenApplicationSchema } from './application.ts';
import { errorDataSchema } from './error.ts';
import { filterPolicySchema } from './filter.ts';
import { gpuOptionsSchema, pciAddressSchema } from './gpu.ts';
import { bytesSchema } from './ids.ts';
import {
  cpuPolicySchema,
  extraDiskSchema,
  hugepagesPolicySchema,
  networkChoiceSchema,
} from './template.ts';

/** Deviations from the template that a person asked for. */
export const overridesSchema = z.object({
  vcpus: z.number().int().min(1).max(512).optional(),
  memoryBytes: bytesSchema.optional(),
  diskBytes: bytesSchema.optional(),
  mediaId: z.string().optional(),
  /** See the source `installer` of templates. */
  edition: z.string().max(100).optional(),
  /** Id of a medium, or `none`. */
  driversMediaId: z.string().max(64).optional(),
  network: networkChoiceSchema.optional(),
  /** The machine's own network filter, besides its department's. */
  filter: filterPolicySchema.optional(),
  firmware: z.enum(['bios', 'uefi', 'uefi-secure']).optional(),
  cpuPolicy: cpuPolicySchema.optional(),
  hugepages: hugepagesPolicySchema.optional(),
  extraDisks: z.array(extraDiskSchema).max(8).optional(),
  gpu: gpuOptionsSchema.optional(),
});
export type Overrides = z.infer<typeof overridesSchema>;

/** The wish as it may be stored, logged and shown: no secret in it. */
export const createInputSchema = z.object({
  templateId: z.string().min(1).max(64),
  name: z.string().max(256),
  departmentId: z.string().default('personal'),
  user: z.string().max(64).optional(),
  sshKeys: z.array(z.string().max(16_384)).max(32).default([]),
  overrides: overridesSchema.default({}),
  /** Besides the template's; parameters given here win. */
  applications: z.array(chosenApplicationSchema).max(64).default([]),
  /** Graphics cards to pass through, by the address of their display function. */
  gpus: z.array(pciAddressSchema).max(4).default([]),
  /** Greater is served first; equals in their order. */
  priority: z.number().int().min(-100).max(100).default(0),
});
export type CreateInput = z.infer<typeof createInputSchema>;

/** The wish with its secrets. `password` is clear text and lives only in memory and on the IPC pipe. */
export const createRequestSchema = createInputSchema.extend({
  password: z.string().max(1024).optional(),
  /** Clear text too. */
  productKey: z.string().max(64).optional(),
});
export type CreateRequest = z.infer<typeof createRequestSchema>;

export const MANY_MAX = 200;

export const createManySchema = createRequestSchema.extend({
  count: z.number().int().min(1).max(MANY_MAX),
});

/** What became of each of several machines that were asked for at once. */
export const manyStartedSchema = z.array(
  z.union([
    z.object({ name: z.string(), creationId: z.string(), machineId: z.string() }),
    z.object({ name: z.string(), creationId: z.null(), error: errorDataSchema }),
  ]),
);
export type ManyStarted = z.infer<typeof manyStartedSchema>;
