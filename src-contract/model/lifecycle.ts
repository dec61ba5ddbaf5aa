import { z } from 'zod';
import { bytesSchema, timestampSchema } from './ids.ts';

/** What to change of a machine; what is left out stays. A disk only grows. */
export const resizeChangeSchema = z.object({
  vcpus: z.number().int().min(1).max(512).optional(),
  memoryBytes: bytesSchema.min(16 * 1024 ** 2).optional(),
  /** Of the system's disk. */
  diskBytes: bytesSchema.min(1024 ** 2).optional(),
});
export type ResizeChange = z.infer<typeof resizeChangeSchema>;

/** One thing that was changed, and since when the guest has it. */
export const resizedSchema = z.object({
  resource: z.enum(['vcpus', 'memoryBytes', 'diskBytes']),
  from: z.number().nonnegative(),
  to: z.number().nonnegative(),
  effect: z.enum(['now', 'next-start']),
  /** Why it is not in effect yet, or what is left to do inside the guest. */
  note: z.string().optional(),
});
export type Resized = z.infer<typeof resizedSchema>;

/** A disk that was made for a machine, and since when the guest has it. */
export const diskAddedSchema = z.object({
  /** Name in the guest's bus, such as `vdb`. */
  target: z.string(),
  pool: z.string(),
  name: z.string(),
  effect: z.enum(['now', 'next-start']),
  /** Why it is not in effect yet. */
  note: z.string().optional(),
});
export type DiskAdded = z.infer<typeof diskAddedSchema>;

/** A disk of a domain that is to be adopted. */
export const adoptableVolumeSchema = z.object({
  target: z.string(),
  path: z.string(),
  /** Null = in no pool of libvirt's. */
  pool: z.string().nullable(),
  name: z.string(),
  capacityBytes: bytesSchema.nullable(),
  /** Whether it can become the machine's own, to be deleted with it. */
  ownable: z.boolean(),
  /** Why not. */
  reason: z.string().optional(),
});
export type AdoptableVolume = z.infer<typeof adoptableVolumeSchema>;

/** What adopting a domain would take over. */
export const adoptionSchema = z.object({
  machineId: z.string(),
  name: z.string(),
  vcpus: z.number().int(),
  memoryBytes: bytesSchema,
  volumes: z.array(adoptableVolumeSchema),
});
export type Adoption = z.infer<typeof adoptionSchema>;

export const volumeRefSchema = z.object({
  pool: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
});
export type VolumeRef = z.infer<typeof volumeRefSchema>;

/** The saved configuration of a machine, and what another tool has changed in it. */
export const machineConfigSchema = z.object({
  machineId: z.string(),
  savedAt: timestampSchema,
  displayProtocol: z.enum(['spice', 'vnc']).nullable(),
  /** `unix:PATH` or `HOST:PORT`; null while it does not run. */
  displayEndpoint: z.string().nullable(),
  hasPassword: z.boolean(),
  hostDevices: z.array(z.string()),
  /** Lines of the definition, in order; both empty when nobody else has changed it. */
  changes: z.array(z.object({ kind: z.enum(['added', 'removed']), text: z.string() })),
});
export type MachineConfigView = z.infer<typeof machineConfigSchema>;

/** Something that one of libvirt, the pools and the database has and another does not. */
export const orphanSchema = z.object({
  /** Names it for `reconcile.remove`. */
  id: z.string(),
  kind: z.enum(['domain', 'record', 'volume', 'nwfilter', 'network', 'file']),
  name: z.string(),
  /** Where it is: a pool, a folder, libvirt, the database. */
  where: z.string(),
  /** Where it comes from, as far as anything tells. */
  origin: z.string(),
  /** What removing it would remove; empty when Berth must not. */
  removes: z.array(z.string()),
  /** Why Berth leaves it alone. */
  kept: z.string().optional(),
});
export type Orphan = z.infer<typeof orphanSchema>;

export const reconcileReportSchema = z.object({
  at: timestampSchema,
  orphans: z.array(orphanSchema),
  /** What could not be looked at, and why. */
  unseen: z.array(z.string()),
});
export type ReconcileReport = z.infer<typeof reconcileReportSchema>;

export const removalSchema = z.object({
  id: z.string(),
  /** Whether it was looked for afterwards and is gone. */
  removed: z.boolean(),
  detail: z.string(),
});
export type Removal = z.infer<typeof removalSchema>;
