import { z } from 'zod';
import { findingSchema } from '../../../src-contract/model/error.ts';
import { networkChoiceSchema, templateSchema } from '../../../src-contract/model/template.ts';
import type { MachineSpec } from '../../core/domain/machine-spec.ts';

const template = templateSchema.shape;
const [, namedNetwork, bridge, userNetwork, noNetwork] = networkChoiceSchema.options;
const cpuList = z.array(z.number().int().nonnegative());
const mediumSchema = z.object({ pool: z.string(), volume: z.string() });

/** Fields that specifications of the first schema do not have, with what they meant. */
const later = {
  video3d: z.boolean().default(false),
  cpu: z
    .object({
      mode: z.enum(['host-passthrough', 'host-model', 'maximum']),
      sockets: z.number().int().positive(),
      cores: z.number().int().positive(),
      threads: z.number().int().positive(),
    })
    .default({ mode: 'maximum', sockets: 1, cores: 1, threads: 1 }),
  pinning: z
    .object({
      vcpus: z.array(cpuList),
      emulator: cpuList,
      iothread: cpuList,
      nodes: cpuList,
      memoryMode: z.enum(['strict', 'preferred', 'interleave']),
      claimed: cpuList,
      threads: z.number().int().positive(),
    })
    .nullable()
    .default(null),
  hugepages: z.object({ pageBytes: z.number().int().positive() }).nullable().default(null),
  lockedMemory: z.boolean().default(false),
  hyperv: z.array(z.string()).default([]),
  nic: z
    .object({
      vhost: z.boolean(),
      queues: z.number().int().positive(),
      mtu: z.number().int().positive().nullable(),
      filter: z.string().nullable(),
    })
    .default({ vhost: false, queues: 1, mtu: null, filter: null }),
  extraDisks: z
    .array(z.object({ volume: z.string(), capacityBytes: z.number().int().positive() }))
    .default([]),
  installer: z
    .object({ medium: mediumSchema.nullable(), boot: z.enum(['kernel', 'medium', 'answered']) })
    .nullable()
    .default(null),
  virtioDrivers: mediumSchema.nullable().default(null),
  hostdevs: z.array(z.object({ address: z.string(), rom: z.string().nullable() })).default([]),
  hiddenHypervisor: z.boolean().default(false),
  infiniService: z.boolean().default(false),
};

/** A specification as it comes back from the database. */
export const machineSpecSchema: z.ZodType<MachineSpec> = z.object({
  ...later,
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
  network: z.discriminatedUnion('kind', [namedNetwork, bridge, userNetwork, noNetwork]),
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
