import { z } from 'zod';

/** Absolute time, milliseconds since the UNIX epoch. */
export const timestampSchema = z.number().int().nonnegative();

/** A size in bytes; always a safe integer. */
export const bytesSchema = z.number().int().nonnegative();

export const templateIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a template id has lower-case letters, digits and hyphens');

export const MACHINE_NAME_MAX = 64;
