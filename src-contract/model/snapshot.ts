import { z } from 'zod';
import { creationSchema } from './creation.ts';
import { departmentSchema } from './department.ts';
import { hostSchema } from './host.ts';
import { machineSchema } from './machine.ts';
import { mediaSchema } from './media.ts';
import { templateLibrarySchema } from './template-bundle.ts';

/** All that a new window needs; later events with a greater revision are deltas to it. */
export const snapshotSchema = z.object({
  revision: z.number().int().nonnegative(),
  host: hostSchema,
  machines: z.array(machineSchema),
  creations: z.array(creationSchema),
  media: z.array(mediaSchema),
  /** Those that the person may see; what is in others is not in the snapshot either. */
  departments: z.array(departmentSchema),
  ...templateLibrarySchema.shape,
  /** The user name that the create form starts with. */
  defaultUser: z.string(),
  /** Public SSH keys found in the person's ~/.ssh, for the create form. */
  sshKeys: z.array(z.object({ name: z.string(), key: z.string() })),
  /** Said once in the library, such as a database that was restored from a backup. */
  notices: z.array(z.string()),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
