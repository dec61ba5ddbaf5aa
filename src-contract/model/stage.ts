import { z } from 'zod';

/** The stages of a creation in their order. The names appear in events, timings and command line output. */
export const STAGES = [
  'validate',
  'reserve',
  'template',
  'media',
  'network',
  'storage',
  'xml',
  'define',
  'start',
  'install',
  'first-boot',
  'ready',
] as const;

export const stageSchema = z.enum(STAGES);
export type Stage = z.infer<typeof stageSchema>;

export const stageStateSchema = z.enum([
  'pending',
  'running',
  'done',
  'skipped',
  'failed',
  'undone',
]);
export type StageState = z.infer<typeof stageStateSchema>;
