import AxeBuilder from '@axe-core/playwright';
import type { AuditEntry } from '../../src-contract/model/audit.ts';
import type { Metrics } from '../../src-contract/model/metrics.ts';
import { ActivityPage } from '../page-objects/activity-page.ts';
import type { FakeMain } from './fake/fake-main.ts';
import { creation, department, GIB, NOW, stages } from './fake/fixtures.ts';
import { failed } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const ADDRESS = '/index.html#/activity';

const measured: Metrics = {
  since: NOW - 90 * 86_400_000,
  totals: { completed: 9, failed: 3, cancelled: 1, median: 14.2, p90: 31 },
  byTemplate: [
    { templateId: 'debian-12', completed: 5, failed: 3, cancelled: 0, median: 22, p90: 31 },
    { templateId: 'tryout', completed: 4, failed: 0, cancelled: 1, median: 9.5, p90: 12 },
  ],
  byWeek: [
    { week: '2026-W17', completed: 1, failed: 3, cancelled: 0, median: 22, p90: 31 },
    { week: '2026-W18', completed: 8, failed: 0, cancelled: 1, median: 12, p90: 20 },
  ],
  byStage: [
    { stage: 'storage', median: 1.5, p90: 3, failures: 2 },
    { stage: 'start', median: 4, p90: 5, failures: 1 },
  ],
  allocated: {
    machines: 6,
    vcpus: 12,
    memoryBytes: 24 * GIB,
    diskBytes: 120 * GIB,
    gpus: 0,
  },
};

const nothing: Metrics = {
  ...measured,
  totals: { completed: 0, failed: 0, cancelled: 0, median: null, p90: null },
  byTemplate: [],
  byWeek: [],
  byStage: [],
};

const entry = (id: number, part: Partial<AuditEntry> = {}): AuditEntry => ({
  id,
  at: NOW - id * 1000,
  actor: 'ada',
  command: 'machines.start',
  departmentId: 'personal',
  subject: 'm1',
  creationId: null,
  inputs: {},
  outcome: 'done',
  errorCode: null,
  ...part,
});

function answer(main: FakeMain, metrics: Metrics, entries: AuditEntry[]): void {
  main.handle('metrics.get', () => metrics);
  main.handle('audit.query', ({ limit, before = Number.POSITIVE_INFINITY }) =>
    entries.filter(({ id }) => id < before).slice(0, limit),
  );
}

test('creations tell their result and how long each stage took', async ({ page, open }) => {
  const done = creation({
    id: 'c9',
    name: 'finished',
    state: 'completed',
    stages: stages('ready', 'done'),
    createdAt: NOW + 1000,
    startedAt: NOW + 1000,
    endedAt: NOW + 13_000,
  });
  await open({ creations: [failed, done] }, ADDRESS);
  const activity = new ActivityPage(page);
  await expect(activity.history).toHaveCount(2);
  await expect(activity.history.nth(0)).toContainText('finished');
  await expect(activity.history.nth(0)).toContainText('12 s');
  await expect(activity.history.nth(1)).toContainText('Create the disks');
  await expect(activity.history.nth(1).getByRole('img')).toHaveAccessibleName(
    /Create the disks: [\d.]+ s/,
  );
  await activity.history.nth(1).getByRole('link').click();
  await expect(page).toHaveURL(/#\/creation\/c1$/);
});

test('metrics show success, times and failures', async ({ page, open }) => {
  const main = await open({}, ADDRESS, (fake) => answer(fake, measured, []));
  const activity = new ActivityPage(page);
  await activity.show('Metrics');
  await expect(activity.metrics).toContainText('75 %');
  await expect(activity.metrics).toContainText('14 s');
  await expect(activity.chart('Success by week')).toContainText('2026-W1725 % (1 of 4)');
  await expect(activity.chart('Median time by template')).toContainText('Try-out Linux9.5 s');
  await expect(activity.chart('Failures by stage')).toContainText('Create the disks2');
  expect(main.argsOf('metrics.get')).toEqual([{ days: 90 }]);
  await activity.metrics.getByRole('combobox', { name: 'Period' }).click();
  await page.getByRole('option', { name: 'Last 7 days' }).click();
  await expect.poll(() => main.argsOf('metrics.get').at(-1)).toEqual({ days: 7 });
});

test('the audit can be filtered and read back to its beginning', async ({ page, open }) => {
  const many = Array.from({ length: 130 }, (_, index) => entry(130 - index));
  many[0] = entry(130, {
    command: 'creations.start',
    inputs: { name: 'web', password: '[secret]' },
    outcome: 'failed',
    errorCode: 'disk_space',
  });
  const lab = department({ id: 'lab', name: 'Lab' });
  const main = await open({ departments: [department(), lab] }, ADDRESS, (fake) =>
    answer(fake, measured, many),
  );
  const activity = new ActivityPage(page);
  await activity.show('Audit');
  await expect(activity.auditRows).toHaveCount(100);
  await expect(activity.auditRows.first()).toContainText('disk_space');
  await expect(activity.auditRows.first()).toContainText('[secret]');
  await activity.audit.getByRole('button', { name: 'Older entries' }).click();
  await expect(activity.auditRows).toHaveCount(130);
  await activity.audit.getByRole('textbox', { name: 'Command' }).fill('machines');
  await activity.audit.getByRole('textbox', { name: 'Command' }).press('Enter');
  await expect
    .poll(() => main.argsOf('audit.query').at(-1))
    .toEqual({ limit: 100, command: 'machines' });
  await activity.audit.getByRole('combobox', { name: 'Department' }).click();
  await page.getByRole('option', { name: 'Lab' }).click();
  await expect
    .poll(() => main.argsOf('audit.query').at(-1))
    .toEqual({ limit: 100, command: 'machines', departmentId: 'lab' });
});

test('what is shown can be copied as JSON', async ({ page, open, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open({}, ADDRESS, (fake) => answer(fake, measured, [entry(1)]));
  const activity = new ActivityPage(page);
  await activity.show('Metrics');
  await page.getByRole('button', { name: 'Copy metrics as JSON' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(copied)).toEqual(measured);
});

test('each page says so when there is nothing, and why when it cannot be had', async ({
  page,
  open,
}) => {
  const main = await open({}, ADDRESS, (fake) => answer(fake, nothing, []));
  const activity = new ActivityPage(page);
  await expect(activity.emptyState).toContainText('Nothing has been made yet');
  await activity.show('Metrics');
  await expect(activity.emptyState).toContainText('Nothing to measure yet');
  await activity.show('Audit');
  await expect(activity.emptyState).toContainText('No entries');
  main.refuse('audit.query', { code: 'forbidden', message: 'You may not.', retryable: false });
  await activity.audit.getByRole('textbox', { name: 'Command' }).fill('x');
  await activity.audit.getByRole('textbox', { name: 'Command' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('You may not.');
});

const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
  (['Creations', 'Metrics', 'Audit'] as const).map((tab) => ({ scheme, tab })),
);

for (const { scheme, tab } of LOOKS) {
  test(`everybody can use it: ${tab}, ${scheme}`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open({ creations: [failed] }, ADDRESS, (fake) => answer(fake, measured, [entry(1)]));
    const activity = new ActivityPage(page);
    await activity.show(tab);
    await expect(activity.root.locator('table').first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
}
