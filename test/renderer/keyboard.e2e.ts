import { LibraryPage } from '../page-objects/library-page.ts';
import { MachinePage } from '../page-objects/machine-page.ts';
import { details } from './fake/fixtures.ts';
import { departments, few } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

test('Escape closes every dialog of a machine and gives the focus back', async ({ page, open }) => {
  await open({ machines: few }, '/index.html#/machine/m2', (fake) =>
    fake.handle('machines.details', () => details()),
  );
  const view = new MachinePage(page);
  const dialog = page.getByRole('dialog');
  for (const item of ['Rename', 'Resize', 'Save as image', 'Give back', 'Delete']) {
    await view.chooseFromMenu(item);
    await expect(dialog, item).toBeVisible();
    // The focus is inside before a key is of use.
    await expect(dialog.locator(':focus'), item).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(dialog, item).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'More for database' }), item).toBeFocused();
  }
});

test('Enter does what a dialog is for', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m2', (fake) => {
    fake.handle('machines.details', () => details());
    fake.handle('machines.resize', () => []);
  });
  const view = new MachinePage(page);
  const dialog = page.getByRole('dialog');
  await view.chooseFromMenu('Rename');
  await dialog.getByLabel('Name').fill('office');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(main.argsOf('machines.rename')).toEqual([{ machineId: 'm2', name: 'office' }]);
  await view.chooseFromMenu('Resize');
  await dialog.getByLabel('CPUs').fill('3');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(main.argsOf('machines.resize')).toEqual([{ machineId: 'm2', change: { vcpus: 3 } }]);
});

test('a row’s dialog and a question in place give the focus back too', async ({ page, open }) => {
  await open({ machines: few, departments }, '/index.html', (fake) =>
    fake.handle('machines.details', () => details()),
  );
  const row = new LibraryPage(page).row('database');
  await row.focus();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(row).toBeFocused();

  await page.getByRole('link', { name: 'Departments' }).click();
  const remove = page.getByRole('button', { name: 'Delete', exact: true });
  await remove.click();
  await expect(page.getByRole('group', { name: 'Delete Network lab?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(remove).toBeFocused();
});
