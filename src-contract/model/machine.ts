import { z } from 'zod';
import { findingSchema } from './error.ts';
import { bytesSchema, timestampSchema } from './ids.ts';

export const powerStateSchema = z.enum([
  'off',
  'starting',
  'running',
  'paused',
  'stopping',
  'crashed',
]);
export type PowerState = z.infer<typeof powerStateSchema>;

export const provisioningStateSchema = z.enum([
  'none',
  'installing',
  'first-boot',
  'ready',
  'stalled',
  'failed',
]);
export type ProvisioningState = z.infer<typeof provisioningStateSchema>;

/** A row of the library: a domain of libvirt, with what Berth knows of it. */
export const machineSchema = z.object({
  /** Berth's id for its own machines, the domain's UUID for others. */
  id: z.string(),
  name: z.string(),
  domainName: z.string(),
  domainUuid: z.string(),
  /** `berth` = Berth made or adopted it; `external` = another tool's domain, which Berth never deletes. */
  origin: z.enum(['berth', 'external']),
  departmentId: z.string(),
  templateId: z.string().nullable(),
  creationId: z.string().nullable(),
  osLabel: z.string().nullable(),
  power: powerStateSchema,
  provisioning: provisioningStateSchema,
  vcpus: z.number().int(),
  memoryBytes: bytesSchema,
  graphics: z.enum(['spice', 'vnc', 'none']),
  addresses: z.array(z.string()),
  notes: z.array(findingSchema),
  /** Set while a deletion could not finish; the record is kept and it can be tried again. */
  deleteFailed: z.boolean(),
  createdAt: timestampSchema.nullable(),
  revision: z.number().int().nonnegative(),
});
export type Machine = z.infer<typeof machineSchema>;

export const machineDetailsSchema = z.object({
  machineId: z.string(),
  domainXml: z.string(),
  autostart: z.boolean(),
  disks: z.array(
    z.object({
      target: z.string(),
      bus: z.string(),
      device: z.string(),
      source: z.string().nullable(),
      capacityBytes: bytesSchema.nullable(),
      allocationBytes: bytesSchema.nullable(),
      /** Whether it is the machine's own and not the system's: it can be removed. */
      removable: z.boolean().optional(),
    }),
  ),
  interfaces: z.array(
    z.object({ mac: z.string(), model: z.string().nullable(), source: z.string() }),
  ),
  firmware: z.string(),
  accelerator: z.string(),
});
export type MachineDetails = z.infer<typeof machineDetailsSchema>;

/** A picture of the guest's screen, scaled by whoever shows it. */
export const screenshotSchema = z.object({ mime: z.string(), data: z.instanceof(Uint8Array) });
export type Screenshot = z.infer<typeof screenshotSchema>;
