import type { Page } from '@playwright/test';
import type { FakeMain } from './fake-main.ts';
import { department, details, doctorChecks, NOW, plan } from './fixtures.ts';
import {
  adoption,
  audit,
  card,
  filter,
  history,
  integrated,
  library,
  measured,
  placed,
  queue,
} from './picture-data.ts';
import { departments, few, type Scene } from './scenes.ts';

/** A scene that is reached by a few steps of a person. */
export type PictureScene = Scene & { act?: (page: Page) => Promise<void> };

const menu = async (page: Page, item: string) => {
  await page
    .getByRole('button', { name: /^More for / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').waitFor();
};

function common(main: FakeMain): void {
  main.handle('machines.details', () => details());
  main.handle('host.doctor', () => doctorChecks());
  main.handle('gpus.list', () => [card(), integrated]);
  main.handle('host.networks', () => ({
    networks: [{ name: 'default', active: true, bridge: 'virbr0', forward: 'nat' }],
    bridges: [{ name: 'br0', up: true }],
  }));
  main.handle('filters.list', () => [
    filter(),
    filter({ owner: { kind: 'department', id: 'personal' }, state: 'missing' }),
    filter({ owner: { kind: 'machine', id: 'm1' }, state: 'differs' }),
  ]);
  main.handle('filters.get', () => filter());
  main.handle('filters.check', () => filter().conflicts);
  main.handle('metrics.get', () => measured);
  main.handle('audit.query', () => audit(60));
  main.handle('machines.adoption', () => adoption);
  main.handle('machines.config', () => ({
    machineId: 'm1',
    savedAt: NOW,
    displayProtocol: 'spice',
    displayEndpoint: '127.0.0.1:5900',
    hasPassword: true,
    hostDevices: ['0000:01:00.0'],
    changes: [
      { kind: 'removed', text: '<vcpu>2</vcpu>' },
      { kind: 'added', text: '<vcpu>8</vcpu>' },
    ],
  }));
  main.handle('reconcile.scan', () => ({
    at: NOW,
    unseen: ['The pool “backup” is not active.'],
    orphans: [
      {
        kind: 'volume',
        where: 'the pool berth',
        origin: 'By creation c1, which failed yesterday.',
        id: 'a',
        name: 'web-3.qcow2',
        removes: ['the volume web-3.qcow2'],
      },
      {
        kind: 'domain',
        where: 'libvirt',
        origin: 'Berth’s mark is on it, and no record is.',
        id: 'b',
        name: 'web-4',
        removes: [],
        kept: 'It runs.',
      },
    ],
  }));
}

const click =
  (name: string | RegExp, role: 'button' | 'tab' = 'button') =>
  (page: Page) =>
    page.getByRole(role, { name }).first().click();

const viewer = departments.map((one) => ({ ...one, ownRole: 'viewer' as const }));

const LIST: readonly PictureScene[] = [
  {
    name: 'departments-new',
    address: '#/departments',
    state: { departments },
    act: click('New department'),
  },
  {
    name: 'departments-change',
    address: '#/departments',
    state: { departments },
    act: click('Change Network lab'),
  },
  {
    name: 'departments-many',
    address: '#/departments',
    state: {
      departments: Array.from({ length: 40 }, (_, index) =>
        department({ id: `d${index}`, name: `Course ${index + 1}`, ownRole: 'operator' }),
      ),
    },
  },
  { name: 'filters', address: '#/filters', state: { departments, machines: few } },
  { name: 'filter', address: '#/filters/department/lab', state: { departments, machines: few } },
  {
    name: 'filter-rule',
    address: '#/filters/department/lab',
    state: { departments, machines: few },
    act: click('Add a rule'),
  },
  { name: 'templates', address: '#/templates', state: library },
  { name: 'template-editor', address: '#/templates', state: library, act: click('New template') },
  {
    name: 'applications',
    address: '#/templates',
    state: library,
    act: click('Applications', 'tab'),
  },
  { name: 'categories', address: '#/templates', state: library, act: click('Categories', 'tab') },
  {
    name: 'application-editor',
    address: '#/templates',
    state: library,
    act: async (page) => {
      await click('Applications', 'tab')(page);
      await click('New application')(page);
    },
  },
  { name: 'activity', address: '#/activity', state: { ...library, creations: history } },
  { name: 'activity-empty', address: '#/activity', state: library },
  { name: 'activity-metrics', address: '#/activity', state: library, act: click('Metrics', 'tab') },
  {
    name: 'activity-audit',
    address: '#/activity',
    state: { ...library, machines: few, departments },
    act: click('Audit', 'tab'),
  },
  {
    name: 'host-leftovers',
    address: '#/host',
    state: { machines: few },
    act: click('Look for leftovers'),
  },
  { name: 'host-viewer', address: '#/host', state: { departments: viewer, machines: few } },
  { name: 'gallery-all', address: '#/create', state: library },
  {
    name: 'create-all',
    address: '#/create/cloud-image',
    state: { ...library, departments },
    prepare: (main) =>
      main.handle('creations.plan', () =>
        plan({
          names: Array.from({ length: 12 }, (_, index) => `student-${index + 1}`),
          quota: {
            department: 'Network lab',
            limits: { machines: 30, vcpus: 60, memoryBytes: null, diskBytes: null, gpus: 1 },
            leftAfter: { machines: 6, vcpus: 20, memoryBytes: null, diskBytes: null, gpus: 1 },
          },
          findings: [
            {
              code: 'cpu_policy',
              severity: 'info',
              message: 'CPUs 4 and 5 of NUMA node 0: the first two free cores.',
            },
          ],
        }),
      ),
    act: async (page) => {
      await page.getByTestId('hardware').click();
      await page.getByTestId('applications').click();
      await page.getByTestId('amount').click();
      await page.getByTestId('count').fill('12');
      await page.getByTestId('gpus').waitFor();
    },
  },
  {
    name: 'queue',
    address: '#/queue',
    state: { ...library, creations: queue },
  },
  { name: 'queue-empty', address: '#/queue', state: library },
  { name: 'machine-placed', address: '#/machine/m1', state: { departments, machines: [placed] } },
  {
    name: 'machine-viewer',
    address: '#/machine/m1',
    state: { departments: viewer, machines: [placed] },
  },
  {
    name: 'machine-configuration',
    address: '#/machine/m1',
    state: { machines: few },
    act: click('Configuration', 'tab'),
  },
  {
    name: 'machine-xml',
    address: '#/machine/m1',
    state: { machines: few },
    act: click('Domain XML', 'tab'),
  },
  {
    name: 'dialog-adopt',
    address: '#/machine/m4',
    state: { machines: few },
    act: (page) => menu(page, 'Adopt'),
  },
  {
    name: 'dialog-resize',
    address: '#/machine/m1',
    state: { machines: few },
    act: (page) => menu(page, 'Resize'),
  },
  {
    name: 'dialog-rename',
    address: '#/machine/m1',
    state: { machines: few },
    act: (page) => menu(page, 'Rename'),
  },
  {
    name: 'dialog-forget',
    address: '#/machine/m1',
    state: { machines: few },
    act: (page) => menu(page, 'Give back'),
  },
  {
    name: 'dialog-delete',
    address: '#/machine/m1',
    state: { machines: few },
    act: (page) => menu(page, 'Delete'),
  },
  { name: 'library-viewer', address: '#/', state: { departments: viewer, machines: few } },
  {
    name: 'library-menu',
    address: '#/',
    state: { machines: few },
    act: click(/^More for/),
  },
  {
    name: 'library-queue',
    address: '#/',
    state: { machines: few, creations: queue },
  },
];

/** The rest of the views, for pictures only. */
export const PICTURE_SCENES: readonly PictureScene[] = LIST.map((scene) => ({
  ...scene,
  prepare: (main: FakeMain) => {
    common(main);
    scene.prepare?.(main);
  },
}));
