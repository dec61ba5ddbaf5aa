import { z } from 'zod';
import { applicationResultSchema } from './application.ts';
import { createInputSchema } from './create-request.ts';
import { errorDataSchema, findingSchema } from './error.ts';
import { timestampSchema } from './ids.ts';
import { stageSchema, stageStateSchema } from './stage.ts';

export const creationStateSchema = z.enum([
  'queued',
  'running',
  /** The domain runs; the guest is not ready yet. */
  'provisioning',
  'rolling-back',
  'completed',
  'failed',
  'cancelled',
]);
export type CreationState = z.infer<typeof creationStateSchema>;

export const TERMINAL_CREATION_STATES: readonly CreationState[] = [
  'completed',
  'failed',
  'cancelled',
];

export const stageRecordSchema = z.object({
  stage: stageSchema,
  state: stageStateSchema,
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  /** 0..1 where the stage can tell. */
  progress: z.number().min(0).max(1).nullable(),
  message: z.string().nullable(),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;

/** One thing that a rollback removed. `verified` = looked for afterwards and not found. */
export const undoneSchema = z.object({
  kind: z.string(),
  name: z.string(),
  verified: z.boolean(),
  detail: z.string().optional(),
});
export type Undone = z.infer<typeof undoneSchema>;

export const creationSchema = z.object({
  id: z.string(),
  machineId: z.string(),
  name: z.string(),
  templateId: z.string(),
  departmentId: z.string(),
  state: creationStateSchema,
  /** The stage that runs, or that was the last to run. */
  stage: stageSchema,
  stages: z.array(stageRecordSchema),
  input: createInputSchema,
  /** Whether a secret for a retry is still kept (encrypted). */
  hasSecret: z.boolean(),
  notes: z.array(findingSchema),
  error: errorDataSchema.nullable(),
  undone: z.array(undoneSchema),
  cancelRequested: z.boolean(),
  /** Why a queued creation waits. */
  waitingFor: z.string().nullable(),
  /** How many creations are ahead of it in the queue; null when it does not wait. */
  queuePlace: z.number().int().nonnegative().nullable().default(null),
  /** What the guest said of its applications and first-boot scripts. */
  applications: z.array(applicationResultSchema).default([]),
  createdAt: timestampSchema,
  startedAt: timestampSchema.nullable(),
  endedAt: timestampSchema.nullable(),
  revision: z.number().int().nonnegative(),
});
export type Creation = z.infer<typeof creationSchema>;

export const logLineSchema = z.object({
  at: timestampSchema,
  stage: stageSchema,
  level: z.enum(['info', 'warn', 'error', 'guest']),
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;
