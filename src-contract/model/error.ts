import { z } from 'zod';
import { stageSchema } from './stage.ts';

/** A remedy that Berth can carry out, or show for copying, when a person asks for it. */
export const fixSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('start-network'), label: z.string(), network: z.string() }),
  z.object({ action: z.literal('start-pool'), label: z.string(), pool: z.string() }),
  /** Set a field of the create form; `field` is a path in CreateRequest. */
  z.object({
    action: z.literal('set-field'),
    label: z.string(),
    field: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  }),
  /** A command for the person's own terminal (usually needs root). */
  z.object({ action: z.literal('run-command'), label: z.string(), command: z.string() }),
  z.object({ action: z.literal('add-media'), label: z.string() }),
]);
export type Fix = z.infer<typeof fixSchema>;

/** An expected failure as data: what crosses IPC and ends up in `error` lines of the command line. */
export const errorDataSchema = z.object({
  /** Stable, lower snake case: `name_taken`, `disk_space`, `libvirt_unreachable`. */
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  message: z.string(),
  stage: stageSchema.optional(),
  /** What a lower layer said, word for word, without secrets. */
  cause: z.string().optional(),
  hint: z.string().optional(),
  fix: fixSchema.optional(),
  retryable: z.boolean(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

/** One result of a preflight check. `error` forbids the creation, `warning` is a degradation that is accepted. */
export const findingSchema = z.object({
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
  hint: z.string().optional(),
  /** Path of the form field that it is about, if any: `name`, `overrides.diskBytes`. */
  field: z.string().optional(),
  fix: fixSchema.optional(),
});
export type Finding = z.infer<typeof findingSchema>;
