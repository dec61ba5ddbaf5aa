import { z } from 'zod';
import { errorDataSchema } from './error.ts';
import { bytesSchema, timestampSchema } from './ids.ts';

/** An item of the media library: a disk image kept as a volume that machines use as backing store. */
export const mediaSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.literal('image'),
  format: z.enum(['qcow2', 'raw']),
  state: z.enum(['importing', 'ready', 'failed']),
  /** Bytes that the guest sees. */
  virtualBytes: bytesSchema,
  /** Bytes of the file. */
  fileBytes: bytesSchema,
  sha256: z.string().nullable(),
  pool: z.string(),
  volume: z.string(),
  /** File name it came from, without folder. */
  origin: z.string(),
  /** 0..1 while importing. */
  progress: z.number().min(0).max(1).nullable(),
  error: errorDataSchema.nullable(),
  /** Machines whose disks are overlays on it. */
  usedBy: z.number().int().nonnegative(),
  addedAt: timestampSchema,
});
export type Media = z.infer<typeof mediaSchema>;
