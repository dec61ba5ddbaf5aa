import { z } from 'zod';
import { bytesSchema } from './ids.ts';
import { networkChoiceSchema } from './template.ts';

/** Deviations from the template that a person asked for. */
export const overridesSchema = z.object({
  vcpus: z.number().int().min(1).max(512).optional(),
  memoryBytes: bytesSchema.optional(),
  diskBytes: bytesSchema.optional(),
  mediaId: z.string().optional(),
  network: networkChoiceSchema.optional(),
  firmware: z.enum(['bios', 'uefi', 'uefi-secure']).optional(),
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
});
export type CreateInput = z.infer<typeof createInputSchema>;

/** The wish with its secret. `password` is clear text and lives only in memory and on the IPC pipe. */
export const createRequestSchema = createInputSchema.extend({
  password: z.string().max(1024).optional(),
});
export type CreateRequest = z.infer<typeof createRequestSchema>;
