import { z } from 'zod';
import { timestampSchema } from './ids.ts';

/** A command that somebody gave, and what became of it. Never holds a secret; never changes. */
export const auditEntrySchema = z.object({
  id: z.number().int().positive(),
  at: timestampSchema,
  /** User of this host. */
  actor: z.string(),
  /** Name of the command, as of its IPC channel: `machines.delete`. */
  command: z.string(),
  departmentId: z.string().nullable(),
  /** The machine, creation, template … that it was about. */
  subject: z.string().nullable(),
  creationId: z.string().nullable(),
  inputs: z.record(z.string(), z.unknown()),
  outcome: z.enum(['done', 'failed', 'forbidden']),
  errorCode: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditQuerySchema = z.object({
  limit: z.number().int().min(1).max(1000).default(200),
  /** Only entries older than this id. */
  before: z.number().int().positive().optional(),
  departmentId: z.string().optional(),
  /** A command such as `machines.delete`, or a topic such as `machines` for all of its commands. */
  command: z.string().optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;
