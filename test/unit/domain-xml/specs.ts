import {
  cpuMode,
  cpuTopology,
  hypervFeatures,
  nicQueues,
} from '../../../src-main/core/domain/guest-cpu.ts';
import {
  type MachinePaths,
  type MachineSpec,
  NO_PATHS,
} from '../../../src-main/core/domain/machine-spec.ts';
import { specDefaults } from '../../fakes/defaults.ts';

export const SPEC: MachineSpec = {
  ...specDefaults,
  machineId: '3b7e8a54-6f2d-4c7e-9a51-0c7a3e1d2f60',
  creationId: '9f1c2d3e-4b5a-4678-8abc-def012345678',
  departmentId: 'default',
  templateId: 'debian-12',
  name: 'Web server',
  domainName: 'web-server',
  domainUuid: '5d0f3c1a-7b2e-4d9c-8a6f-1e2d3c4b5a69',
  hostname: 'web-server',
  osinfoId: 'debian12',
  osLabel: 'Debian 12',
  osFamily: 'linux',
  vcpus: 2,
  memoryBytes: 1024 ** 3,
  diskBytes: 10 * 1024 ** 3,
  firmware: 'bios',
  tpm: false,
  video: 'virtio',
  audio: false,
  accelerator: 'kvm',
  emulator: '/usr/bin/qemu-system-x86_64',
  network: { kind: 'network', name: 'default' },
  mac: '52:54:00:12:34:56',
  graphics: 'spice',
  graphicsListen: 'socket',
  spiceChannel: true,
  pool: 'berth',
  disk: { volume: 'web-server.qcow2', backing: null },
  seedVolume: 'web-server-seed.iso',
  directBoot: null,
  login: { user: 'ada', sshKeys: [] },
  readiness: 'progress',
  notes: [],
};

const FOLDER = '/var/lib/libvirt/images/berth';
export const IMAGE_PATHS: MachinePaths = {
  ...NO_PATHS,
  disk: `${FOLDER}/web-server.qcow2`,
  seed: `${FOLDER}/web-server-seed.iso`,
};
export const BLANK_PATHS: MachinePaths = { ...IMAGE_PATHS, seed: null };
const TRYOUT_PATHS: MachinePaths = {
  ...NO_PATHS,
  seed: `${FOLDER}/web-server-seed.iso`,
  kernel: `${FOLDER}/tryout-kernel`,
  initrd: `${FOLDER}/tryout-initrd`,
};

const DIRECT_BOOT = {
  kernelVolume: 'tryout-kernel',
  initrdVolume: 'tryout-initrd',
  cmdline: 'console=ttyS0 quiet',
};

/** What a source means for the specification and its paths. */
export const SOURCES = {
  image: { spec: {}, paths: IMAGE_PATHS },
  blank: { spec: { seedVolume: null }, paths: BLANK_PATHS },
  tryout: { spec: { disk: null, directBoot: DIRECT_BOOT, osinfoId: null }, paths: TRYOUT_PATHS },
} as const satisfies Record<string, { spec: Partial<MachineSpec>; paths: MachinePaths }>;

const FIRMWARES = {
  bios: { firmware: 'bios', tpm: false },
  uefi: { firmware: 'uefi', tpm: false },
  secure: { firmware: 'uefi-secure', tpm: false },
  tpm: { firmware: 'uefi-secure', tpm: true },
} as const satisfies Record<string, Partial<MachineSpec>>;

const ACCELERATORS = ['kvm', 'tcg'] as const;
const GRAPHICS = ['spice', 'vnc'] as const;
const NETWORKS = {
  nat: { kind: 'network', name: 'default' },
  user: { kind: 'user' },
  none: { kind: 'none' },
} as const satisfies Record<string, MachineSpec['network']>;

/** What follows from the rest of a specification, as on a host that can do everything. */
export function completed(more: Partial<MachineSpec>): MachineSpec {
  const spec = { ...SPEC, ...more };
  const { accelerator, network, vcpus } = spec;
  const mode = cpuMode(accelerator, ['host-passthrough', 'host-model', 'maximum']);
  const tap = network.kind === 'network' || network.kind === 'bridge';
  const vhost = tap && accelerator === 'kvm';
  return {
    ...spec,
    cpu: { mode, ...cpuTopology(vcpus, spec.pinning?.threads ?? 1) },
    hyperv: hypervFeatures(spec, null),
    nic: { ...spec.nic, vhost, queues: nicQueues(vcpus, vhost) },
    ...more,
  };
}

export interface Case {
  firmware: keyof typeof FIRMWARES;
  accelerator: (typeof ACCELERATORS)[number];
  graphics: (typeof GRAPHICS)[number];
  source: keyof typeof SOURCES;
  network: keyof typeof NETWORKS;
}

export function caseInput(
  { firmware, accelerator, graphics, source, network }: Case,
  more: Partial<MachineSpec> = {},
): { spec: MachineSpec; paths: MachinePaths } {
  const spec = completed({
    ...FIRMWARES[firmware],
    ...SOURCES[source].spec,
    accelerator,
    graphics,
    spiceChannel: graphics === 'spice',
    network: NETWORKS[network],
    ...more,
  });
  return { spec, paths: SOURCES[source].paths };
}

const keys = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

export function allCases(): Case[] {
  return keys(FIRMWARES).flatMap((firmware) =>
    ACCELERATORS.flatMap((accelerator) =>
      GRAPHICS.flatMap((graphics) =>
        keys(SOURCES).flatMap((source) =>
          keys(NETWORKS).map((network) => ({ firmware, accelerator, graphics, source, network })),
        ),
      ),
    ),
  );
}
