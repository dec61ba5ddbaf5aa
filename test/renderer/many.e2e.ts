import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { CreatePage } from '../page-objects/create-page.ts';
import { creation, plan, spaceError, stages, tryout } from './fake/fixtures.ts';
import { expect, test } from './fake/test.ts';

const ADDRESS = '/index.html#/create/tryout';
const state = { templates: [tryout] };

const queued = (number: number, part = {}) =>
  creation({
    id: `q${number}`,
    name: `lab-${number}`,
    state: 'queued',
    stage: 'validate',
    stages: [],
    startedAt: null,
    queuePlace: number,
    waitingFor: `Waiting, with ${number} more before it in the queue`,
    ...part,
  });

async function violations(page: Page) {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

test('several machines are planned together and started at once', async ({ page, open }) => {
  const main = await open(state, ADDRESS, (fake) => {
    fake.handle('creations.plan', ({ count = 1, name }) =>
      count === 1
        ? plan()
        : plan({ names: Array.from({ length: count }, (_, index) => `${name}-${index + 1}`) }),
    );
    fake.handle('creations.startMany', () => [
      { name: 'lab-1', creationId: 'q1', machineId: 'm1' },
      { name: 'lab-2', creationId: 'q2', machineId: 'm2' },
      { name: 'lab-3', creationId: null, error: spaceError },
    ]);
  });
  const create = new CreatePage(page);
  await create.name.fill('lab');
  await page.getByTestId('amount').click();
  await page.getByTestId('count').fill('3');
  await page.getByTestId('priority').click();
  await page.getByRole('option', { name: 'Before others' }).click();
  await expect(create.receipt).toContainText('3 machines, lab-1 to lab-3');
  await expect(create.receipt).toContainText('each');
  await expect(page.getByTestId('amount')).toContainText('3 machines, lab-1 … lab-3');
  await expect(create.create).toHaveText('Create 3 machines');
  await create.submit();
  const queue = page.getByTestId('queue-page');
  await expect(queue).toContainText('Not made: lab-3');
  await expect(queue).toContainText('ran out of space');
  expect(main.argsOf('creations.startMany')).toMatchObject([
    { name: 'lab', count: 3, priority: 10, templateId: 'tryout' },
  ]);
  await main.emit(
    main.creationEvent('vms.create_queued', queued(1)),
    main.creationEvent('vms.create_queued', queued(2)),
  );
  await expect(queue.getByRole('status')).toHaveText('2 waiting');
  await page.getByRole('button', { name: 'Clear ended' }).click();
  await expect(queue).not.toContainText('Not made');
});

test('a plan that has no room for all says how many', async ({ page, open }) => {
  const main = await open(state, ADDRESS, (fake) =>
    fake.handle('creations.plan', ({ count = 1 }) =>
      plan({
        findings:
          count <= 2
            ? []
            : [
                {
                  code: 'quota_exceeded',
                  severity: 'error',
                  message: 'The department may have 2 machines.',
                  fix: { action: 'set-field', label: 'Make 2', field: 'count', value: 2 },
                },
              ],
      }),
    ),
  );
  const create = new CreatePage(page);
  await page.getByTestId('amount').click();
  await page.getByTestId('count').fill('5');
  await expect(create.create).toBeDisabled();
  await create.applyFix('quota_exceeded');
  await expect(page.getByTestId('count')).toHaveValue('2');
  await expect(create.create).toBeEnabled();
  expect(main.argsOf('creations.plan').at(-1)).toMatchObject({ count: 2 });
});

test('every field of the form is accessible', async ({ page, open }) => {
  test.slow();
  await open(state, ADDRESS);
  await page.getByTestId('hardware').click();
  await page.getByTestId('applications').click();
  await page.getByTestId('amount').click();
  await expect(page.getByTestId('cpu-policy')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
    expect(await violations(page), colorScheme).toEqual([]);
  }
});

test('the queue shows order, reason and progress, and cancels one or all', async ({
  page,
  open,
}) => {
  const main = await open(
    {
      creations: [
        queued(2),
        queued(1, { input: { ...creation().input, priority: 10 } }),
        creation({ name: 'busy', stages: stages('storage', 'running', { progress: 0.5 }) }),
      ],
    },
    '/index.html#/',
  );
  await page.getByRole('link', { name: 'Queue (3)' }).click();
  const rows = page.getByTestId('queue-row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText('busy');
  await expect(rows.nth(0).getByRole('progressbar')).toBeVisible();
  await expect(rows.nth(1)).toContainText('lab-1');
  await expect(rows.nth(1)).toContainText('before others');
  await expect(rows.nth(2)).toContainText('with 2 more before it');
  await expect(page.getByRole('status')).toHaveText('1 being made, 2 waiting');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Cancel lab-2' }).click();
  await expect.poll(() => main.argsOf('creations.cancel')).toEqual([{ creationId: 'q2' }]);
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await page.getByRole('button', { name: 'Cancel and undo' }).click();
  await expect.poll(() => main.argsOf('creations.cancel').length).toBe(4);
});
