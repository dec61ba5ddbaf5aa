import { z } from 'zod';
import { bytesSchema, templateIdSchema } from './ids.ts';

export const networkChoiceSchema = z.discriminatedUnion('kind', [
  /** The first active libvirt network, `default` preferred; else user-mode networking, said in a note. */
  z.object({ kind: z.literal('auto') }),
  z.object({ kind: z.literal('network'), name: z.string().min(1).max(255) }),
  z.object({ kind: z.literal('user') }),
  z.object({ kind: z.literal('none') }),
]);
export type NetworkChoice = z.infer<typeof networkChoiceSchema>;

export const sourceSchema = z.discriminatedUnion('kind', [
  /** A disk image of the media library, used as the backing store of an overlay; null = chosen when creating. */
  z.object({ kind: z.literal('image'), mediaId: z.string().nullable() }),
  /** The small Linux that Berth assembles from the host's own packages. */
  z.object({ kind: z.literal('tryout') }),
  z.object({ kind: z.literal('blank') }),
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
});
export type Template = z.infer<typeof templateSchema>;
