import { readdirSync, readFileSync } from 'node:fs';
import { applicationSchema } from '../../../src-contract/model/application.ts';
import type { AuditEntry } from '../../../src-contract/model/audit.ts';
import type { Creation } from '../../../src-contract/model/creation.ts';
import type { Filter, FilterRule } from '../../../src-contract/model/filter.ts';
import type { Gpu } from '../../../src-contract/model/gpu.ts';
import type { Metrics } from '../../../src-contract/model/metrics.ts';
import { templateSchema } from '../../../src-contract/model/template.ts';
import { BUILT_IN_CATEGORIES } from '../../../src-main/core/domain/template-library.ts';
import { templateDefaults } from '../../fakes/defaults.ts';
import { creation, GIB, machine, NOW, stages } from './fixtures.ts';
import { failed } from './scenes.ts';

const RESOURCES = new URL('../../../resources/', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, RESOURCES), 'utf8'));
const shipped = readdirSync(new URL('templates/', RESOURCES)).map((file) =>
  templateSchema.parse({ ...templateDefaults, ...Object(json(`templates/${file}`)) }),
);
const catalogue = applicationSchema.array().parse(json('catalogue.json'));
const own = templateSchema.parse({
  ...shipped[0],
  id: 'mine',
  name: 'Networks 2, exercise 3',
  description: 'For the course.',
  builtIn: false,
});
export const library = {
  templates: [...shipped, own],
  categories: [
    ...BUILT_IN_CATEGORIES,
    { id: 'c', name: 'Courses', description: '', position: 9, builtIn: false },
  ],
  applications: catalogue,
};

export const card = (change: Partial<Gpu> = {}): Gpu => ({
  address: '0000:01:00.0',
  name: 'NVIDIA TU104',
  iommuGroup: 2,
  functions: [
    {
      address: '0000:01:00.0',
      classCode: '030000',
      vendor: 'NVIDIA',
      product: 'TU104',
      driver: 'nouveau',
    },
    {
      address: '0000:01:00.1',
      classCode: '040300',
      vendor: 'NVIDIA',
      product: 'TU104 Audio',
      driver: 'snd_hda_intel',
    },
  ],
  groupOthers: [],
  bootVga: false,
  obstacles: [],
  machineId: 'm1',
  ...change,
});
export const integrated = card({
  address: '0000:00:02.0',
  name: 'Intel UHD 630',
  functions: [],
  iommuGroup: 1,
  machineId: null,
  obstacles: [
    { code: 'boot_vga', message: 'The host shows its console on it.', hint: 'Use another card.' },
  ],
});

const rule: FilterRule = {
  id: 'ssh',
  direction: 'in',
  action: 'accept',
  protocol: 'tcp',
  remote: '10.0.0.0/8',
  ports: { start: 22, end: 22 },
  priority: 0,
  states: ['new', 'established'],
  comment: 'from the office',
};

export const filter = (change: Partial<Filter> = {}): Filter => ({
  owner: { kind: 'department', id: 'lab' },
  name: 'berth-lab-0a1b2c3d',
  policy: {
    preset: 'internet-only',
    rules: [
      rule,
      { ...rule, id: 'r2', action: 'drop', protocol: 'all', ports: null, remote: null, states: [] },
    ],
  },
  inherits: 'clean-traffic',
  conflicts: [{ kind: 'shadowed', ruleIds: ['r2'], message: 'Rule 2 hides the preset.' }],
  state: 'verified',
  bindings: [{ device: 'vnet3', machineId: 'm1' }],
  checkedAt: NOW,
  xml: '<filter name="berth-lab-0a1b2c3d"/>',
  ...change,
});

export const measured: Metrics = {
  since: NOW - 90 * 86_400_000,
  totals: { completed: 61, failed: 4, cancelled: 2, median: 14.2, p90: 31 },
  byTemplate: [
    { templateId: 'cloud-image', completed: 52, failed: 3, cancelled: 1, median: 48, p90: 90 },
    { templateId: 'tryout', completed: 9, failed: 1, cancelled: 1, median: 9.5, p90: 12 },
  ],
  byWeek: Array.from({ length: 8 }, (_, index) => ({
    week: `2026-W${11 + index}`,
    completed: 3 + index * 2,
    failed: index % 3,
    cancelled: 0,
    median: 10 + index,
    p90: 20 + index,
  })),
  byStage: [
    { stage: 'storage', median: 1.5, p90: 3, failures: 2 },
    { stage: 'start', median: 4, p90: 5, failures: 1 },
  ],
  allocated: { machines: 6, vcpus: 12, memoryBytes: 24 * GIB, diskBytes: 120 * GIB, gpus: 0 },
};

export const audit = (count: number): AuditEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    id: count - index,
    at: NOW - index * 61_000,
    actor: index % 4 === 0 ? 'grace' : 'ada',
    command:
      ['machines.start', 'creations.start', 'machines.delete', 'filters.set'][index % 4] ?? '',
    departmentId: index % 2 === 0 ? 'lab' : 'personal',
    subject: index % 2 === 0 ? 'm1' : 'web',
    creationId: null,
    inputs: index % 3 === 0 ? { name: 'web', overrides: { vcpus: 4 } } : {},
    outcome: index % 5 === 0 ? 'forbidden' : index % 7 === 0 ? 'failed' : 'done',
    errorCode: index % 5 === 0 ? 'forbidden' : index % 7 === 0 ? 'disk_space' : null,
  }));

export const history = Array.from({ length: 24 }, (_, index): Creation => {
  if (index % 5 === 0) return { ...failed, id: `h${index}`, name: `web-${index}` };
  const startedAt = NOW - index * 3_600_000;
  return creation({
    id: `h${index}`,
    name: `web-${index}`,
    state: 'completed',
    stages: stages('ready', 'done'),
    createdAt: startedAt,
    startedAt,
    endedAt: startedAt + 12_000 + index * 700,
  });
});

export const queue = Array.from({ length: 14 }, (_, index): Creation => {
  const base = { id: `q${index}`, machineId: `qm${index}`, name: `student-${index + 1}` };
  if (index < 2)
    return creation({
      ...base,
      state: 'provisioning',
      stage: 'first-boot',
      stages: stages('first-boot'),
    });
  if (index < 5)
    return creation({ ...base, stages: stages('storage', 'running', { progress: 0.4 }) });
  const waitingFor =
    index === 5
      ? 'Waiting for 8 GiB of memory; 3 GiB can be had now'
      : `Waiting for a creation that is under way, with ${index - 5} more before it in the queue`;
  return creation({
    ...base,
    state: 'queued',
    stage: 'validate',
    stages: [],
    startedAt: null,
    queuePlace: index - 5,
    waitingFor,
  });
});

export const adoption = {
  machineId: 'm4',
  name: 'windows-legacy',
  vcpus: 2,
  memoryBytes: 2 * GIB,
  volumes: [
    {
      target: 'vda',
      path: '/images/old.qcow2',
      pool: 'images',
      name: 'old.qcow2',
      capacityBytes: 8 * GIB,
      ownable: true,
    },
    {
      target: 'vdb',
      path: '/images/shared.qcow2',
      pool: 'images',
      name: 'shared.qcow2',
      capacityBytes: null,
      ownable: false,
      reason: 'Another machine uses it.',
    },
  ],
};

export const placed = machine(1, {
  name: 'web',
  departmentId: 'lab',
  notes: [
    {
      code: 'cpu_policy',
      severity: 'info',
      message: 'CPUs 4 to 7 of NUMA node 1: the node with the most free memory.',
    },
    {
      code: 'hugepages_unavailable',
      severity: 'warning',
      message: 'The machine gets ordinary memory. The host has no huge pages set aside.',
      hint: 'Set pages aside with: sudo sysctl vm.nr_hugepages=1024',
    },
  ],
});
