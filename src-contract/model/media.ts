import { z } from 'zod';
import { errorDataSchema } from './error.ts';
import { bytesSchema, timestampSchema } from './ids.ts';

/** What a medium that installs a system is, as its own files tell. */
export const installerMediumSchema = z.object({
  /** Whose installer it starts, which decides how its questions are answered; `drivers` = virtio drivers for Windows. */
  family: z.enum([
    'debian',
    'ubuntu',
    'fedora',
    'rhel',
    'opensuse',
    'windows',
    'drivers',
    'unknown',
  ]),
  /** Volume label. */
  label: z.string(),
  osLabel: z.string(),
  /** Paths of the installer's own kernel and initrd inside the medium; null = it has none that can be started alone. */
  boot: z.object({ kernel: z.string(), initrd: z.string() }).nullable(),
});
export type InstallerMedium = z.infer<typeof installerMediumSchema>;

/**
 * An item of the media library, kept as a volume: an `image` is the backing store of machines' disks, an `iso` the
 * CD-ROM that their systems are installed from.
 */
export const mediaSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['image', 'iso']),
  format: z.enum(['qcow2', 'raw']),
  /** Of an `iso`. */
  installer: installerMediumSchema.optional(),
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
