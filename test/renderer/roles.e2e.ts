import AxeBuilder from '@axe-core/playwright';
import type { Role } from '../../src-contract/model/department.ts';
import { policiesSchema } from '../../src-contract/model/policies.ts';
import { HostPage } from '../page-objects/host-page.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { MachinePage } from '../page-objects/machine-page.ts';
import { creation, department, details, machine, media } from './fake/fixtures.ts';
import { failed } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const inLab = { departmentId: 'lab', name: 'web' };
const stateFor = (ownRole: Role) => ({
  departments: [
    department({ ownRole: 'viewer' }),
    department({ id: 'lab', name: 'Network lab', ownRole }),
  ],
  machines: [machine(1, inLab), machine(2, { ...inLab, name: 'spare', power: 'off' })],
  creations: [creation({ departmentId: 'lab', name: 'busy' }), { ...failed, id: 'c9', ...inLab }],
});

test('a viewer is offered what a viewer may do, with the reason', async ({ page, open }) => {
  await open(stateFor('viewer'), '/index.html', (fake) =>
    fake.handle('machines.details', () => details()),
  );
  const library = new LibraryPage(page);
  await expect(library.row('web')).toBeVisible();
  await expect(page.getByRole('link', { name: 'New machine' })).toHaveCount(0);
  await expect(
    page.getByRole('button', { name: /^(Cancel|Dismiss|Start|Open console):/ }),
  ).toHaveCount(0);
  await library.row('web').getByRole('button', { name: 'More for web' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Details']);
  await page.getByRole('menuitem', { name: 'Details' }).click();
  const view = new MachinePage(page);
  await expect(view.root).toContainText('You can look at this machine, and not change it');
  await expect(view.root).toContainText(
    'It takes an operator of the department “Network lab”; you are a viewer.',
  );
  await expect(view.root.locator('.page-actions').getByRole('button')).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('an operator runs machines and does not change them', async ({ page, open }) => {
  await open(stateFor('operator'), '/index.html#/machine/m1', (fake) =>
    fake.handle('machines.details', () => details()),
  );
  const view = new MachinePage(page);
  await expect(view.action('Shut down')).toBeVisible();
  await view.root.getByRole('button', { name: /^More for / }).click();
  const items = page.getByRole('menuitem');
  await expect(items.filter({ hasText: 'Restart' })).toHaveCount(1);
  await expect(items.filter({ hasText: /Delete|Rename|Resize|Give back/ })).toHaveCount(0);
  await expect(view.root).toContainText('Network lab · you are an operator');
});

test('what concerns the whole host asks for a role in Personal', async ({ page, open }) => {
  await open({ ...stateFor('owner'), media: [media()] }, '/index.html#/media', (fake) =>
    fake.handle('host.doctor', () => []),
  );
  await expect(page.getByTestId('media-item')).toBeVisible();
  await expect(page.getByRole('button', { name: /Add|Remove/ })).toHaveCount(0);
  await new HostPage(page).open();
  const policies = page.getByTestId('policies');
  await expect(policies).toContainText('It takes an owner of the department “Personal”');
  await expect(policies.getByTestId('creation-slots')).toBeDisabled();
  await expect(policies.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Look for leftovers' })).toHaveCount(0);
});

test('an owner changes the rules for creations', async ({ page, open }) => {
  const main = await open({}, '/index.html#/host', (fake) => {
    fake.handle('host.doctor', () => []);
    fake.handle('policies.set', (change) => policiesSchema.parse(change));
  });
  const policies = page.getByTestId('policies');
  const save = policies.getByRole('button', { name: 'Save' });
  await expect(save).toBeDisabled();
  await policies.getByTestId('creation-slots').fill('8');
  await policies.getByTestId('memory-overcommit').fill('1.5');
  await expect(policies).toContainText('Times the host’s: 48 GiB');
  await policies.getByText('that exist').click();
  expect((await new AxeBuilder({ page }).include('.page-body').analyze()).violations).toEqual([]);
  await save.click();
  await expect(save).toBeDisabled();
  expect(main.argsOf('policies.set')).toEqual([
    { creationSlots: 8, memoryOvercommit: 1.5, memoryCounts: 'defined' },
  ]);
  main.refuse('policies.set', { code: 'forbidden', message: 'No.', retryable: false });
  await policies.getByTestId('creation-slots').fill('9');
  await policies.getByTestId('creation-slots').press('Enter');
  await expect(policies.getByRole('alert')).toContainText('No.');
});
