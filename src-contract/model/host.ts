import { z } from 'zod';
import { errorDataSchema, fixSchema } from './error.ts';
import { bytesSchema } from './ids.ts';

/** The virtualization host and the link to its libvirt daemon. */
export const hostSchema = z.object({
  connection: z.enum(['connecting', 'connected', 'reconnecting', 'failed']),
  uri: z.string(),
  /** What a session connection cannot do (bridges, network filters, GPU) is shown as such. */
  scope: z.enum(['system', 'session']),
  hostname: z.string(),
  libvirtVersion: z.string(),
  hypervisorVersion: z.string(),
  cpus: z.number().int().nonnegative(),
  memoryBytes: bytesSchema,
  accelerator: z.enum(['kvm', 'tcg']),
  /** Why the accelerator is not KVM, when it is not. */
  acceleratorReason: z.string().nullable(),
  error: errorDataSchema.nullable(),
});
export type Host = z.infer<typeof hostSchema>;

export const doctorCheckSchema = z.object({
  code: z.string(),
  title: z.string(),
  status: z.enum(['ok', 'warning', 'error']),
  detail: z.string(),
  hint: z.string().optional(),
  fix: fixSchema.optional(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;
