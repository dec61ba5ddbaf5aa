import { z } from 'zod';

export const osFamilySchema = z.enum(['debian', 'fedora', 'suse', 'arch', 'alpine', 'windows']);
export type OsFamily = z.infer<typeof osFamilySchema>;

const parameterSchema = z.object({
  name: z.string().regex(/^[a-z][a-zA-Z0-9]{0,31}$/),
  label: z.string().min(1).max(80),
  default: z.string().max(400),
  /** A regular expression that a value must match as a whole. */
  pattern: z.string().max(200).nullable(),
});

/** Something that a guest installs at its first boot. */
export const applicationSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/),
  name: z.string().min(1).max(80),
  description: z.string().max(400),
  /** A shell (or PowerShell) command per family; parameters arrive as environment variables `BERTH_<NAME>`, never as text in the command. */
  commands: z.partialRecord(osFamilySchema, z.string().min(1).max(4000)),
  parameters: z.array(parameterSchema),
  timeoutSeconds: z.number().int().min(10).max(14_400),
  builtIn: z.boolean(),
});
export type Application = z.infer<typeof applicationSchema>;

export const chosenApplicationSchema = z.object({
  id: z.string().min(1).max(64),
  parameters: z.record(z.string(), z.string().max(400)).default({}),
});
export type ChosenApplication = z.infer<typeof chosenApplicationSchema>;

/** Runs once at the first boot, after the applications, in order. */
export const firstBootScriptSchema = z.object({
  name: z.string().min(1).max(80),
  shell: z.enum(['sh', 'powershell']),
  content: z.string().min(1).max(65_536),
});

/** What the guest reported. */
export const applicationResultSchema = z.object({
  id: z.string(),
  kind: z.enum(['application', 'script']),
  state: z.enum(['pending', 'running', 'done', 'failed', 'timed-out']),
  exitCode: z.number().int().nullable(),
  lastLines: z.array(z.string()),
});
export type ApplicationResult = z.infer<typeof applicationResultSchema>;
