import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { templateDefaults } from '../../fakes/defaults.ts';
import type { FakeHost } from '../../fakes/fake-host.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { fakeTopology } from '../../fakes/fake-topology.ts';
import { IMAGE, POOL, request, TestBench } from '../creation/test-bench.ts';

const LINUX: Template = {
  ...templateDefaults,
  id: 'server',
  name: 'Linux server',
  description: '',
  os: { family: 'linux', label: 'Debian 12', osinfoId: 'debian12' },
  source: { kind: 'blank' },
  vcpus: 4,
  memoryBytes: 4 * GIB,
  diskBytes: 20 * GIB,
  firmware: 'uefi',
  tpm: false,
  video: 'virtio',
  audio: false,
  network: { kind: 'auto' },
  login: 'none',
  readiness: 'none',
  active: true,
  builtIn: true,
  typicalSeconds: 60,
};

/** One of each kind of machine that templates ask for. */
export const MACHINES = {
  'linux-server': LINUX,
  'linux-desktop': {
    ...LINUX,
    audio: true,
    acceleration3d: true,
    extraDisks: [{ capacityBytes: 50 * GIB }],
  },
  'windows-11': {
    ...LINUX,
    os: { family: 'windows', label: 'Windows 11', osinfoId: 'win11' },
    firmware: 'uefi-secure',
    tpm: true,
    video: 'qxl',
    audio: true,
    extraDisks: [{ capacityBytes: 50 * GIB }, { capacityBytes: 100 * GIB }],
  },
  'windows-server': {
    ...LINUX,
    os: { family: 'windows', label: 'Windows Server 2022', osinfoId: 'win2k22' },
    firmware: 'uefi-secure',
    video: 'qxl',
  },
  'lab-student': {
    ...LINUX,
    vcpus: 2,
    memoryBytes: 2 * GIB,
    firmware: 'bios',
    infiniService: true,
  },
  cloud: {
    ...LINUX,
    source: { kind: 'image', mediaId: IMAGE.id },
    login: 'cloud-init',
    readiness: 'progress',
  },
} as const satisfies Record<string, Template>;
export type MachineName = keyof typeof MACHINES;

/** What a host can be like; all else is as `FakeHost` has it. */
export const HOSTS = {
  full: (host: FakeHost) => {
    host.abilities.video3d = true;
    host.abilities.hyperv = ['relaxed', 'vapic', 'spinlocks', 'vpindex', 'synic', 'stimer', 'ipi'];
  },
  emulated: (host: FakeHost) => {
    host.abilities.kvm = { offered: false, works: false, reason: 'There is no /dev/kvm.' };
  },
  plain: (host: FakeHost) => {
    Object.assign(host.abilities, { tpm: false, graphics: ['vnc'], spiceChannel: false });
    Object.assign(host.abilities, { videoModels: ['vga'], vhostNet: false });
    host.abilities.cpuModes = ['host-model', 'maximum'];
    host.networks.length = 0;
  },
  biosOnly: (host: FakeHost) => {
    Object.assign(host.abilities, { uefi: false, uefiSecure: false });
  },
  twoNodes: (host: FakeHost) => {
    host.topology = fakeTopology({ nodes: 2, cores: 4, threads: 2, hugepages: 4096 });
  },
} as const;
export type HostName = keyof typeof HOSTS;

export interface MachineCase {
  name: string;
  machine: MachineName;
  host: HostName;
  overrides?: CreateRequest['overrides'];
}

const each = (host: HostName, machines: readonly MachineName[]): MachineCase[] =>
  machines.map((machine) => ({ name: `${machine}-on-${host}`, machine, host }));

const ALL: readonly MachineName[] = [
  'linux-server',
  'linux-desktop',
  'windows-11',
  'windows-server',
  'lab-student',
  'cloud',
];

export const MACHINE_CASES: MachineCase[] = [
  ...each('full', ALL),
  ...each('emulated', ALL),
  ...each('plain', ALL),
  ...each('biosOnly', ['lab-student', 'linux-server']),
  {
    name: 'pinned-numa-hugepages',
    machine: 'linux-server',
    host: 'twoNodes',
    overrides: { cpuPolicy: 'numa', hugepages: 'preferred' },
  },
  {
    name: 'pinned-dedicated',
    machine: 'windows-11',
    host: 'twoNodes',
    overrides: { cpuPolicy: 'dedicated', hugepages: 'required' },
  },
  {
    name: 'bridge',
    machine: 'linux-server',
    host: 'full',
    overrides: { network: { kind: 'bridge', name: 'br0' } },
  },
  {
    name: 'user-mode',
    machine: 'windows-server',
    host: 'full',
    overrides: { network: { kind: 'user' } },
  },
];

/** What the machine would be on that host: the same for every run. */
export const planOf = (entry: MachineCase): Promise<Plan> => planOn(entry, HOSTS[entry.host]);

/** The same machine on another host. */
export function planOn(
  { machine, overrides = {} }: MachineCase,
  shape: (host: FakeHost) => void,
): Promise<Plan> {
  const bench = new TestBench();
  bench.host.addPool(POOL);
  shape(bench.host);
  const berth = bench.process();
  berth.templates = [{ ...MACHINES[machine], id: machine }];
  const login = machine === 'cloud' ? { user: 'alice', password: 'secret-enough' } : {};
  return berth.service.plan(request(machine, 'one', { ...login, overrides }));
}
