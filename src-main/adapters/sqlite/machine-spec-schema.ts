import { z } from 'zod';
import { findingSchema } from '../../../src-contract/model/error.ts';
import { networkChoiceSchema, templateSchema } from '../../../src-contract/model/template.ts';
import type { MachineSpec } from '../../core/domain/machine-spec.ts';

const template = templateSchema.shape;
const [, namedNetwork, userNetwork, noNetwork] = networkChoiceSchema.options;

/** A specification as it comes back from the database. */
export const machineSpecSchema: z.ZodType<MachineSpec> = z.object({
  machineId: z.string(),
  creationId: z.string(),
  departmentId: z.string(),
  templateId: z.string(),
  name: z.string(),
  domainName: z.string(),
  domainUuid: z.string(),
  hostname: z.string(),
  osinfoId: z.string().nullable(),
  osLabel: z.string(),
  osFamily: template.os.shape.family,
  vcpus: z.number().int().positive(),
  memoryBytes: z.number().int().nonnegative(),
  diskBytes: z.number().int().nonnegative(),
  firmware: template.firmware,
  tpm: z.boolean(),
  video: template.video,
  audio: z.boolean(),
  accelerator: z.enum(['kvm', 'tcg']),
  emulator: z.string(),
  network: z.discriminatedUnion('kind', [namedNetwork, userNetwork, noNetwork]),
  mac: z.string(),
  graphics: z.enum(['spice', 'vnc', 'none']),
  graphicsListen: z.enum(['socket', 'loopback']),
  spiceChannel: z.boolean(),
  pool: z.string(),
  disk: z
    .object({
      volume: z.string(),
      backing: z
        .object({ pool: z.string(), volume: z.string(), format: z.enum(['qcow2', 'raw']) })
        .nullable(),
    })
    .nullable(),
  seedVolume: z.string().nullable(),
  directBoot: z
    .object({ kernelVolume: z.string(), initrdVolume: z.string(), cmdline: z.string() })
    .nullable(),
  login: z.object({ user: z.string().nullable(), sshKeys: z.array(z.string()) }),
  readiness: template.readiness,
  notes: z.array(findingSchema),
});
