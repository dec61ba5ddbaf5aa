import { z } from 'zod';
import { bytesSchema, timestampSchema } from './ids.ts';
import { stageSchema } from './stage.ts';

/** What one ended creation took, kept after its record is dismissed. */
export const creationMetricSchema = z.object({
  creationId: z.string(),
  templateId: z.string(),
  departmentId: z.string(),
  outcome: z.enum(['completed', 'failed', 'cancelled']),
  failedStage: stageSchema.nullable(),
  errorCode: z.string().nullable(),
  queuedSeconds: z.number().nonnegative(),
  /** From leaving the queue until the domain ran; null when it never did. */
  runningSeconds: z.number().nonnegative().nullable(),
  /** From leaving the queue until the end. */
  totalSeconds: z.number().nonnegative(),
  vcpus: z.number().int().nonnegative(),
  memoryBytes: bytesSchema,
  diskBytes: bytesSchema,
  gpus: z.number().int().nonnegative(),
  /** Seconds of every stage that ran, whether it succeeded or not. */
  stages: z.array(z.object({ stage: stageSchema, seconds: z.number().nonnegative() })),
  endedAt: timestampSchema,
});
export type CreationMetric = z.infer<typeof creationMetricSchema>;

const outcomes = {
  completed: z.number().int(),
  failed: z.number().int(),
  cancelled: z.number().int(),
};

/** Seconds; nearest-rank percentiles of completed creations. */
const durations = { median: z.number().nullable(), p90: z.number().nullable() };

export const metricsSchema = z.object({
  since: timestampSchema,
  totals: z.object({ ...outcomes, ...durations }),
  byTemplate: z.array(z.object({ templateId: z.string(), ...outcomes, ...durations })),
  /** ISO week such as `2026-W48`. */
  byWeek: z.array(z.object({ week: z.string(), ...outcomes, ...durations })),
  /** Stages that ran, in their order. */
  byStage: z.array(z.object({ stage: stageSchema, ...durations, failures: z.number().int() })),
  /** What the machines hold now, whether they run or not. */
  allocated: z.object({
    machines: z.number().int(),
    vcpus: z.number().int(),
    memoryBytes: bytesSchema,
    diskBytes: bytesSchema,
    gpus: z.number().int(),
  }),
});
export type Metrics = z.infer<typeof metricsSchema>;

export const metricsQuerySchema = z.object({
  /** How far back, in days of 24 hours. */
  days: z.number().int().min(1).max(400).default(90),
});
export type MetricsQuery = z.infer<typeof metricsQuerySchema>;
