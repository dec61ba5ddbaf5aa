import { z } from 'zod';
import { chosenApplicationSchema, firstBootScriptSchema } from './application.ts';
import { bytesSchema, templateIdSchema } from './ids.ts';
import { PATIENCE_MINUTES_MAX } from './installer-patience.ts';

export const networkChoiceSchema = z.discriminatedUnion('kind', [
  /** The first active libvirt network, `default` preferred; else user-mode networking, said in a note. */
  z.object({ kind: z.literal('auto') }),
  z.object({ kind: z.literal('network'), name: z.string().min(1).max(255) }),
  /** A bridge of the host, made by another tool. */
  z.object({ kind: z.literal('bridge'), name: z.string().min(1).max(15) }),
  z.object({ kind: z.literal('user') }),
  z.object({ kind: z.literal('none') }),
]);
export type NetworkChoice = z.infer<typeof networkChoiceSchema>;

/** How vCPUs are bound to the host's CPUs. */
export const cpuPolicySchema = z.enum([
  'none',
  /** CPUs and memory of one NUMA node. */
  'numa',
  /** A host CPU of its own for each vCPU. */
  'dedicated',
]);
export type CpuPolicy = z.infer<typeof cpuPolicySchema>;

/** `preferred`: where the host has free pages, else ordinary memory, said in a note. */
export const hugepagesPolicySchema = z.enum(['none', 'preferred', 'required']);
export type HugepagesPolicy = z.infer<typeof hugepagesPolicySchema>;

/** A disk besides the system's: sparse, empty. */
export const extraDiskSchema = z.object({ capacityBytes: bytesSchema.min(1024 ** 2) });

export const sourceSchema = z.discriminatedUnion('kind', [
  /** A disk image of the media library, used as the backing store of an overlay; null = chosen when creating. */
  z.object({ kind: z.literal('image'), mediaId: z.string().nullable() }),
  /** The small Linux that Berth assembles from the host's own packages. */
  z.object({ kind: z.literal('tryout') }),
  z.object({ kind: z.literal('blank') }),
  /** An installation medium of the media library; `unattended` = Berth answers the installer's questions. */
  z.object({
    kind: z.literal('installer'),
    mediaId: z.string().nullable(),
    unattended: z.boolean(),
    /** Which of a medium's Windows, by the name that the medium has for it, such as `Windows 11 Pro`. */
    edition: z.string().max(100).optional(),
    /** The medium with virtio drivers for Windows; absent = the newest of the library, `none` = no such drivers. */
    drivers: z.string().max(64).optional(),
  }),
]);

/** What to make. Sizes in bytes. */
export const templateSchema = z.object({
  id: templateIdSchema,
  name: z.string().min(1).max(80),
  description: z.string().max(400),
  os: z.object({
    family: z.enum(['linux', 'windows', 'other']),
    /** libosinfo short id such as `debian12`, when known. */
    osinfoId: z.string().optional(),
    label: z.string(),
  }),
  source: sourceSchema,
  vcpus: z.number().int().min(1).max(512),
  memoryBytes: bytesSchema,
  diskBytes: bytesSchema,
  firmware: z.enum(['bios', 'uefi', 'uefi-secure']),
  tpm: z.boolean(),
  video: z.enum(['virtio', 'qxl', 'vga']),
  audio: z.boolean(),
  network: networkChoiceSchema,
  /** Whether the guest takes a user, a password and SSH keys through cloud-init. */
  login: z.enum(['cloud-init', 'none']),
  /** How `ready` is proved; `none` = the machine is ready when it runs. */
  readiness: z.enum(['progress', 'none']),
  active: z.boolean(),
  builtIn: z.boolean(),
  /** Expected seconds from the click to `ready` on an ordinary host, for the gallery. */
  typicalSeconds: z.number().positive(),
  categoryId: z.string().min(1).max(64).default('other'),
  cpuPolicy: cpuPolicySchema.default('none'),
  hugepages: hugepagesPolicySchema.default('none'),
  extraDisks: z.array(extraDiskSchema).max(8).default([]),
  applications: z.array(chosenApplicationSchema).max(64).default([]),
  firstBootScripts: z.array(firstBootScriptSchema).max(16).default([]),
  /** What the system needs to run at all; 0 = no demand. */
  minimum: z
    .object({ vcpus: z.number().int().min(0), memoryBytes: bytesSchema, diskBytes: bytesSchema })
    .default({ vcpus: 0, memoryBytes: 0, diskBytes: 0 }),
  /** The system is unusable under emulation. */
  needsKvm: z.boolean().default(false),
  /** The port on which the management agent InfiniService talks to the host. */
  infiniService: z.boolean().default(false),
  /** Draw with the host's GPU where it can. */
  acceleration3d: z.boolean().default(false),
  /** Minutes on KVM for which its installer may give no sign of life; null = as usual for that installer. */
  patienceMinutes: z.number().int().min(1).max(PATIENCE_MINUTES_MAX).nullable().default(null),
});
export type Template = z.infer<typeof templateSchema>;
