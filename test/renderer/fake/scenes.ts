import type { Snapshot } from '../../../src-contract/model/snapshot.ts';
import type { FakeMain } from './fake-main.ts';
import {
  creation,
  debian,
  department,
  details,
  doctorChecks,
  host,
  machine,
  media,
  NOW,
  plan,
  spaceError,
  stages,
} from './fixtures.ts';

export type Scene = {
  name: string;
  address: string;
  state: Partial<Snapshot>;
  prepare?: (main: FakeMain) => void;
};

export const few = [
  machine(1, { name: 'web' }),
  machine(2, { name: 'database', power: 'off', osLabel: 'Ubuntu 24.04', addresses: [] }),
  machine(3, { name: 'build-agent', power: 'paused' }),
  machine(4, {
    name: 'windows-legacy',
    origin: 'external',
    osLabel: 'Windows 11',
    templateId: null,
    provisioning: 'none',
  }),
  machine(5, { name: 'lab-router', power: 'crashed', addresses: [] }),
  machine(6, { name: 'fresh', provisioning: 'first-boot', addresses: [] }),
];

export const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    machine(index + 1, { power: index % 3 === 0 ? 'off' : 'running' }),
  );

export const failed = creation({
  state: 'failed',
  error: spaceError,
  startedAt: NOW,
  endedAt: NOW + 4200,
  stages: stages('storage', 'failed'),
  undone: [
    { kind: 'volume', name: 'try-out-linux.qcow2', verified: true },
    { kind: 'volume', name: 'try-out-linux-seed.iso', verified: true },
  ],
});

export const departments = [
  department(),
  department({
    id: 'lab',
    name: 'Network lab',
    description: 'Machines of the course “Networks 2”.',
    members: [
      { kind: 'user', name: 'ada', role: 'owner' },
      { kind: 'group', name: 'students', role: 'operator' },
    ],
    quota: {
      machines: 30,
      vcpus: 60,
      memoryBytes: 64 * 1024 ** 3,
      diskBytes: null,
      gpus: 0,
    },
    usage: {
      machines: 12,
      vcpus: 58,
      memoryBytes: 70 * 1024 ** 3,
      diskBytes: 240 * 1024 ** 3,
      gpus: 0,
    },
    network: { kind: 'own', mode: 'isolated', network: 'berth-lab', subnet: '10.91.3.0/24' },
    filter: { preset: 'internet-only', rules: [] },
  }),
];

const settingUp = creation({
  state: 'provisioning',
  stage: 'first-boot',
  createdAt: Date.now() - 7000,
  startedAt: Date.now() - 7000,
  stages: stages('first-boot', 'running', {
    startedAt: Date.now() - 3000,
    message: 'cloud-init: installing packages',
    progress: 0.4,
  }),
});

const troubled = plan({
  findings: [
    {
      code: 'media_missing',
      severity: 'error',
      message: 'Choose the image that the disk starts from.',
      field: 'overrides.mediaId',
      fix: {
        action: 'set-field',
        label: 'Use debian-12-generic-amd64',
        field: 'overrides.mediaId',
        value: 'img1',
      },
    },
    {
      code: 'network_inactive',
      severity: 'warning',
      message: 'The network “default” is not active.',
      hint: 'It can be started now.',
      fix: { action: 'start-network', label: 'Start it', network: 'default' },
    },
  ],
});

const VIEWS: readonly Scene[] = [
  { name: 'library-empty', address: '#/', state: {} },
  {
    name: 'library-few',
    address: '#/',
    state: { machines: few, creations: [creation(), { ...failed, id: 'c9', name: 'too-big' }] },
  },
  { name: 'library-many', address: '#/', state: { machines: many(400) } },
  {
    name: 'library-troubled',
    address: '#/',
    state: {
      machines: few.slice(0, 3),
      notices: ['The database was damaged and has been restored from this morning’s backup.'],
      host: host({
        connection: 'reconnecting',
        error: {
          code: 'libvirt_unreachable',
          message: 'The libvirt daemon does not answer.',
          cause: 'connect ENOENT /run/libvirt/libvirt-sock',
          hint: 'Start it, or wait: Berth connects by itself.',
          fix: {
            action: 'run-command',
            label: 'Copy',
            command: 'sudo systemctl start libvirtd.socket',
          },
          retryable: true,
        },
      }),
    },
  },
  {
    name: 'library-slow-host',
    address: '#/',
    state: {
      machines: few.slice(0, 3),
      host: host({ accelerator: 'tcg', acceleratorReason: '/dev/kvm does not exist.' }),
    },
  },
  { name: 'gallery', address: '#/create', state: {} },
  { name: 'create', address: '#/create/tryout', state: {} },
  {
    name: 'create-troubled',
    address: `#/create/${debian.id}`,
    state: {},
    prepare: (main) => main.handle('creations.plan', () => troubled),
  },
  {
    name: 'creation',
    address: '#/creation/c1',
    state: {
      creations: [settingUp],
      machines: [machine(900, { name: 'try-out-linux', provisioning: 'first-boot' })],
    },
  },
  { name: 'creation-failed', address: '#/creation/c1', state: { creations: [failed] } },
  {
    name: 'creation-ready',
    address: '#/creation/c1',
    state: {
      creations: [
        creation({
          state: 'completed',
          stage: 'ready',
          stages: stages('ready', 'done'),
          startedAt: NOW,
          endedAt: NOW + 13_400,
        }),
      ],
      machines: [machine(900, { name: 'try-out-linux' })],
    },
  },
  { name: 'machine', address: '#/machine/m1', state: { machines: few } },
  { name: 'machine-external', address: '#/machine/m4', state: { machines: few } },
  {
    name: 'media',
    address: '#/media',
    state: {
      media: [
        media(),
        media({
          id: 'img2',
          name: 'ubuntu-24.04-server-cloudimg',
          state: 'importing',
          progress: 0.4,
          usedBy: 0,
          sha256: null,
        }),
      ],
    },
  },
  { name: 'media-empty', address: '#/media', state: { media: [] } },
  { name: 'departments', address: '#/departments', state: { departments } },
  { name: 'host', address: '#/host', state: {} },
];

/** Every view in the states that people see, for pictures and for the accessibility check. */
export const SCENES: readonly Scene[] = VIEWS.map((scene) => ({
  ...scene,
  prepare: (main: FakeMain) => {
    main.handle('machines.details', () => details());
    main.handle('host.doctor', () => doctorChecks());
    scene.prepare?.(main);
  },
}));
