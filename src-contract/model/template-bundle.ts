import { z } from 'zod';
import { applicationSchema } from './application.ts';
import { policiesSchema } from './policies.ts';
import { templateSchema } from './template.ts';

/** A shelf of the gallery. */
export const templateCategorySchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: z.string().trim().min(1).max(60),
  description: z.string().max(400).default(''),
  /** Lower ones come first. */
  position: z.number().int().min(0).max(9999).default(100),
  builtIn: z.boolean().default(false),
});
export type TemplateCategory = z.infer<typeof templateCategorySchema>;

/** Templates and all that belongs to them, as one window or process sees them. */
export const templateLibrarySchema = z.object({
  /** Archived ones too: `active` is false then. */
  templates: z.array(templateSchema),
  categories: z.array(templateCategorySchema),
  applications: z.array(applicationSchema),
});
export type TemplateLibrary = z.infer<typeof templateLibrarySchema>;

export const BUNDLE_FORMAT = 'berth-templates';
export const BUNDLE_VERSION = 1;

/** The document of an export and of a backup. An unknown field is an error: it would be lost. */
export const templateBundleSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  version: z.literal(BUNDLE_VERSION),
  templates: z.array(z.strictObject(templateSchema.shape)).max(1000).default([]),
  categories: z.array(z.strictObject(templateCategorySchema.shape)).max(100).default([]),
  applications: z.array(z.strictObject(applicationSchema.shape)).max(1000).default([]),
  /** Built-in templates that were archived; only in backups. */
  archived: z.array(z.string().min(1).max(64)).max(100).optional(),
  /** Only in backups. */
  policies: policiesSchema.optional(),
});
export type TemplateBundle = z.infer<typeof templateBundleSchema>;

/** What to do with an id that is already taken. What is built in is never replaced: it is skipped. */
export const importConflictSchema = z.enum(['skip', 'replace', 'rename']);
export type ImportConflict = z.infer<typeof importConflictSchema>;

export const importResultSchema = z.array(
  z.object({
    kind: z.enum(['template', 'category', 'application']),
    id: z.string(),
    /** Its id here. */
    as: z.string(),
    action: z.enum(['added', 'replaced', 'renamed', 'skipped']),
  }),
);
export type ImportResult = z.infer<typeof importResultSchema>;

export const templateBackupSchema = z.object({
  /** Name of the file in the folder of the backups. */
  name: z.string(),
  /** Milliseconds since the epoch. */
  at: z.number().int(),
});
export type TemplateBackup = z.infer<typeof templateBackupSchema>;
