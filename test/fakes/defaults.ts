import type { CreateInput } from '../../src-contract/model/create-request.ts';
import type { Template } from '../../src-contract/model/template.ts';
import type { MachineSpec } from '../../src-main/core/domain/machine-spec.ts';

/** What a template says of the things that most tests are not about. */
export const templateDefaults = {
  categoryId: 'other',
  cpuPolicy: 'none',
  hugepages: 'none',
  extraDisks: [],
  applications: [],
  firstBootScripts: [],
  minimum: { vcpus: 0, memoryBytes: 0, diskBytes: 0 },
  needsKvm: false,
  infiniService: false,
  acceleration3d: false,
  patienceMinutes: null,
} satisfies Partial<Template>;

export const inputDefaults = {
  departmentId: 'personal',
  sshKeys: [],
  overrides: {},
  applications: [],
  gpus: [],
  priority: 0,
} satisfies Partial<CreateInput>;

/** A specification without anything that only some machines have. */
export const specDefaults = {
  video3d: false,
  cpu: { mode: 'maximum', sockets: 1, cores: 1, threads: 1 },
  pinning: null,
  hugepages: null,
  lockedMemory: false,
  hyperv: [],
  nic: { vhost: false, queues: 1, mtu: null, filter: null },
  extraDisks: [],
  installer: null,
  virtioDrivers: null,
  hostdevs: [],
  hiddenHypervisor: false,
  infiniService: false,
} satisfies Partial<MachineSpec>;
