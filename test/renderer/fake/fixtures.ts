import type { Creation, StageRecord } from '../../../src-contract/model/creation.ts';
import type { Department } from '../../../src-contract/model/department.ts';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { DoctorCheck, Host } from '../../../src-contract/model/host.ts';
import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import type { Snapshot } from '../../../src-contract/model/snapshot.ts';
import { STAGES, type Stage } from '../../../src-contract/model/stage.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { inputDefaults, templateDefaults } from '../../fakes/defaults.ts';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
export const NOW = Date.UTC(2026, 4, 4, 9, 0, 0);

const uuid = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

export const host = (part: Partial<Host> = {}): Host => ({
  connection: 'connected',
  uri: 'qemu:///system',
  scope: 'system',
  hostname: 'harbour',
  libvirtVersion: '9.0.0',
  hypervisorVersion: 'QEMU 7.2.22',
  cpus: 8,
  memoryBytes: 32 * GIB,
  accelerator: 'kvm',
  acceleratorReason: null,
  error: null,
  ...part,
});

export const machine = (number: number, part: Partial<Machine> = {}): Machine => ({
  id: `m${number}`,
  name: `machine-${number}`,
  domainName: `machine-${number}`,
  domainUuid: uuid(number),
  origin: 'berth',
  departmentId: 'personal',
  templateId: 'debian-12',
  creationId: null,
  osLabel: 'Debian 12',
  power: 'running',
  provisioning: 'ready',
  vcpus: 2,
  memoryBytes: 2 * GIB,
  graphics: 'spice',
  addresses: [`192.168.122.${(number % 250) + 2}`],
  notes: [],
  deleteFailed: false,
  createdAt: NOW - number * 60_000,
  revision: 1,
  ...part,
});

export const tryout: Template = {
  ...templateDefaults,
  id: 'tryout',
  name: 'Try-out Linux',
  description: 'A tiny Linux made from this computer’s own kernel. No download; for a first look.',
  os: { family: 'linux', label: 'Try-out Linux' },
  source: { kind: 'tryout' },
  vcpus: 1,
  memoryBytes: 256 * MIB,
  diskBytes: GIB,
  firmware: 'bios',
  tpm: false,
  video: 'virtio',
  audio: false,
  network: { kind: 'auto' },
  login: 'cloud-init',
  readiness: 'progress',
  active: true,
  builtIn: true,
  typicalSeconds: 15,
};

export const debian: Template = {
  ...tryout,
  id: 'debian-12',
  name: 'Debian 12',
  description:
    'The stable all-rounder, from a cloud image. User, password and SSH keys are set up.',
  os: { family: 'linux', osinfoId: 'debian12', label: 'Debian 12' },
  source: { kind: 'image', mediaId: null },
  vcpus: 2,
  memoryBytes: 2 * GIB,
  diskBytes: 20 * GIB,
  firmware: 'uefi',
  typicalSeconds: 45,
};

const ubuntu: Template = {
  ...debian,
  id: 'ubuntu-24-04',
  name: 'Ubuntu 24.04 LTS',
  description: 'Long-term support release, from a cloud image.',
  os: { family: 'linux', osinfoId: 'ubuntu24.04', label: 'Ubuntu 24.04' },
  typicalSeconds: 60,
};

export const blank: Template = {
  ...tryout,
  id: 'blank',
  name: 'Empty machine',
  description: 'An empty disk and nothing else, to install by hand or boot from the network.',
  os: { family: 'other', label: 'Blank' },
  source: { kind: 'blank' },
  vcpus: 2,
  memoryBytes: 2 * GIB,
  diskBytes: 20 * GIB,
  login: 'none',
  readiness: 'none',
  typicalSeconds: 3,
};

export const media = (part: Partial<Media> = {}): Media => ({
  id: 'img1',
  name: 'debian-12-generic-amd64',
  kind: 'image',
  format: 'qcow2',
  state: 'ready',
  virtualBytes: 3 * GIB,
  fileBytes: 412 * MIB,
  sha256: 'ab'.repeat(32),
  pool: 'berth',
  volume: 'debian-12-generic-amd64.qcow2',
  origin: 'debian-12-generic-amd64.qcow2',
  progress: null,
  error: null,
  usedBy: 3,
  addedAt: NOW - 86_400_000,
  ...part,
});

export const department = (part: Partial<Department> = {}): Department => ({
  id: 'personal',
  name: 'Personal',
  description: 'Machines of your own.',
  members: [{ kind: 'user', name: 'ada', role: 'owner' }],
  quota: { machines: null, vcpus: null, memoryBytes: null, diskBytes: null, gpus: null },
  usage: { machines: 0, vcpus: 0, memoryBytes: 0, diskBytes: 0, gpus: 0 },
  network: { kind: 'none' },
  filter: { preset: 'allow-all', rules: [] },
  ownRole: 'owner',
  createdAt: 0,
  ...part,
});

export const snapshot = (part: Partial<Snapshot> = {}): Snapshot => ({
  revision: 1,
  host: host(),
  machines: [],
  creations: [],
  media: [media()],
  departments: [department()],
  templates: [tryout, debian, ubuntu, blank],
  categories: [],
  applications: [],
  defaultUser: 'ada',
  sshKeys: [{ name: 'id_ed25519.pub', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ada@harbour' }],
  notices: [],
  ...part,
});

export const plan = (part: Partial<Plan> = {}): Plan => ({
  findings: [],
  resources: [
    { kind: 'volume', name: 'try-out-linux.qcow2', detail: 'qcow2 in pool berth', bytes: 200_704 },
    { kind: 'volume', name: 'try-out-linux-seed.iso', detail: 'cidata', bytes: 374_784 },
    { kind: 'domain', name: 'try-out-linux', detail: 'q35, virtio disk and network, SPICE' },
  ],
  undo: [
    'destroy and undefine domain try-out-linux',
    'delete volume try-out-linux-seed.iso',
    'delete volume try-out-linux.qcow2',
  ],
  domainXml: '<domain type="kvm">\n  <name>try-out-linux</name>\n</domain>',
  seed: [{ path: 'user-data', content: '#cloud-config\npassword: ********\n' }],
  estimate: { seconds: 14, basis: 'history' },
  disk: { now: 575_488, worst: GIB, available: 212 * GIB },
  memory: { needed: 256 * MIB, hostTotal: 32 * GIB, leftAfter: 21 * GIB },
  quota: null,
  names: [],
  network: 'default (NAT, 192.168.122.0/24)',
  accelerator: 'kvm',
  ...part,
});

/** Stage records with everything before `current` done and `current` in the given state. */
export function stages(
  current: Stage,
  state: StageRecord['state'] = 'running',
  part: Partial<StageRecord> = {},
): StageRecord[] {
  const at = STAGES.indexOf(current);
  return STAGES.map((stage, index): StageRecord => {
    const base = { stage, progress: null, message: null };
    if (index > at) return { ...base, state: 'pending', startedAt: null, endedAt: null };
    const startedAt = NOW + index * 400;
    if (index < at) return { ...base, state: 'done', startedAt, endedAt: startedAt + 350 };
    const endedAt = state === 'running' ? null : startedAt + 900;
    return { ...base, state, startedAt, endedAt, ...part };
  });
}

export const creation = (part: Partial<Creation> = {}): Creation => ({
  id: 'c1',
  machineId: 'm900',
  name: 'try-out-linux',
  templateId: 'tryout',
  departmentId: 'personal',
  state: 'running',
  stage: 'storage',
  stages: stages('storage'),
  input: { ...inputDefaults, templateId: 'tryout', name: 'try-out-linux', user: 'ada' },
  hasSecret: true,
  notes: [],
  error: null,
  undone: [],
  cancelRequested: false,
  waitingFor: null,
  queuePlace: null,
  applications: [],
  createdAt: NOW,
  startedAt: NOW + 50,
  endedAt: null,
  revision: 2,
  ...part,
});

export const spaceError: ErrorData = {
  code: 'disk_space',
  message: 'The pool “berth” ran out of space while the disk was written.',
  stage: 'storage',
  cause: 'cannot extend file /var/lib/berth/try-out-linux.qcow2: No space left on device',
  hint: 'Free 1.2 GiB in /var/lib/berth, or make the disk smaller.',
  fix: {
    action: 'set-field',
    label: 'Use 512 MiB',
    field: 'overrides.diskBytes',
    value: 512 * MIB,
  },
  retryable: true,
};

/** A 2×1 pixmap, red and blue, as QEMU's screendump writes it. */
export const PPM = new Uint8Array([
  ...new TextEncoder().encode('P6\n2 1\n255\n'),
  ...[255, 0, 0, 0, 0, 255],
]);

export const details = (): MachineDetails => ({
  machineId: 'm1',
  domainXml:
    '<domain type="kvm">\n  <name>web</name>\n  <memory unit="KiB">2097152</memory>\n</domain>',
  autostart: false,
  disks: [
    {
      target: 'vda',
      bus: 'virtio',
      device: 'disk',
      source: '/var/lib/berth/web.qcow2',
      capacityBytes: 20 * GIB,
      allocationBytes: 1400 * MIB,
    },
    {
      target: 'sda',
      bus: 'sata',
      device: 'cdrom',
      source: null,
      capacityBytes: null,
      allocationBytes: null,
    },
  ],
  interfaces: [{ mac: '52:54:00:3c:11:aa', model: 'virtio', source: 'network default' }],
  firmware: 'UEFI',
  accelerator: 'KVM',
});

export const doctorChecks = (): DoctorCheck[] => [
  {
    code: 'libvirt',
    title: 'libvirt answers',
    status: 'ok',
    detail: 'libvirt 9.0.0 at qemu:///system',
  },
  {
    code: 'kvm',
    title: 'Hardware acceleration',
    status: 'warning',
    detail: '/dev/kvm does not exist.',
    hint: 'Switch virtualization on in the firmware settings of this computer.',
  },
  {
    code: 'network',
    title: 'Network for machines',
    status: 'error',
    detail: 'The network “default” is not active.',
    fix: { action: 'start-network', label: 'Start it', network: 'default' },
  },
  {
    code: 'viewer',
    title: 'External viewer',
    status: 'warning',
    detail: 'remote-viewer is not installed.',
    fix: { action: 'run-command', label: 'Copy', command: 'sudo apt install virt-viewer' },
  },
];
