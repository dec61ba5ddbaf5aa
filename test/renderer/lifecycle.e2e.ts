import AxeBuilder from '@axe-core/playwright';
import { HostPage } from '../page-objects/host-page.ts';
import { MachinePage } from '../page-objects/machine-page.ts';
import { details, machine, media } from './fake/fixtures.ts';
import { few } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const GIB = 1024 ** 3;

test('a machine is renamed, resized and given back', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m2', (fake) => {
    fake.handle('machines.details', () => details());
    fake.handle('machines.resize', () => [
      { resource: 'vcpus', from: 2, to: 4, effect: 'next-start', note: 'It runs.' },
    ]);
  });
  const view = new MachinePage(page);
  const dialog = page.getByRole('dialog');
  await view.chooseFromMenu('Rename');
  await dialog.getByLabel('Name').fill('office');
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog).toHaveCount(0);
  expect(main.argsOf('machines.rename')).toEqual([{ machineId: 'm2', name: 'office' }]);

  await view.chooseFromMenu('Resize');
  await dialog.getByLabel('CPUs').fill('4');
  await dialog.getByRole('button', { name: 'Resize' }).click();
  await expect(page.getByText('CPUs: 4 from the next start on. It runs.')).toBeVisible();
  expect(main.argsOf('machines.resize')).toEqual([{ machineId: 'm2', change: { vcpus: 4 } }]);

  await view.chooseFromMenu('Give back');
  await dialog.getByRole('button', { name: 'Give it back' }).click();
  await expect.poll(() => main.argsOf('machines.forget')).toEqual([{ machineId: 'm2' }]);
});

test('a machine gets a disk and loses it', async ({ page, open }) => {
  const [system, drive] = details().disks;
  if (system === undefined || drive === undefined) throw new Error('the fixture has two disks');
  const extra = {
    ...system,
    target: 'vdb',
    source: '/var/lib/berth/web-2.qcow2',
    capacityBytes: 5 * GIB,
    allocationBytes: GIB,
    removable: true,
  };
  let disks = [system, drive];
  const main = await open({ machines: few }, '/index.html#/machine/m2', (fake) => {
    fake.handle('machines.details', () => ({ ...details(), disks }));
    fake.handle('machines.addDisk', () => {
      disks = [system, drive, extra];
      const note = 'The running machine cannot take it.';
      return { target: 'vdb', pool: 'berth', name: 'web-2.qcow2', effect: 'next-start', note };
    });
    fake.handle('machines.removeDisk', () => {
      disks = [system, drive];
    });
  });
  const dialog = page.getByRole('dialog');
  const remove = page.getByRole('button', { name: /^Remove/ });
  await expect(page.getByRole('table', { name: 'Disks' })).toBeVisible();
  await expect(remove).toHaveCount(0);
  await page.getByRole('button', { name: 'Add a disk' }).click();
  await dialog.getByLabel('Size').fill('5');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('The running machine cannot take it.')).toBeVisible();
  expect(main.argsOf('machines.addDisk')).toEqual([{ machineId: 'm2', capacityBytes: 5 * GIB }]);

  await remove.click();
  await expect(dialog).toContainText('1 GiB of data on a disk of 5 GiB are lost');
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(remove).toHaveCount(0);
  expect(main.argsOf('machines.removeDisk')).toEqual([{ machineId: 'm2', target: 'vdb' }]);
});

test('a machine that is off is saved as an image', async ({ page, open }) => {
  const off = machine(3, { name: 'golden', power: 'off' });
  const main = await open({ machines: [off] }, '/index.html#/machine/m3', (fake) => {
    fake.handle('media.capture', ({ name = '' }) => media({ id: 'new', name }));
  });
  await new MachinePage(page).chooseFromMenu('Save as image');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the image').fill('Lab 2030');
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByTestId('media-page')).toBeVisible();
  expect(main.argsOf('media.capture')).toEqual([{ machineId: 'm3', name: 'Lab 2030' }]);
  await expect(page.getByText('“Lab 2030” is ready')).toBeVisible();
});

test('the dialog stays with the reason when it fails', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m2');
  const message = 'There is already a machine called “office”';
  main.refuse('machines.rename', { code: 'name_taken', message, retryable: false });
  await new MachinePage(page).chooseFromMenu('Rename');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('office');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await expect(dialog.getByRole('alert')).toContainText(message);
});

test('another tool’s machine is adopted with the disks that are ticked', async ({ page, open }) => {
  const external = machine(7, { name: 'old', origin: 'external' });
  const main = await open({ machines: [external] }, '/index.html#/machine/m7', (fake) => {
    fake.handle('machines.adoption', () => ({
      machineId: 'm7',
      name: 'old',
      vcpus: 2,
      memoryBytes: GIB,
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
    }));
    fake.handle('machines.adopt', () => ({ machineId: 'm8' }));
  });
  await new MachinePage(page).chooseFromMenu('Adopt');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(/shared/)).toBeDisabled();
  await expect(dialog).toContainText('Another machine uses it.');
  await dialog.getByLabel(/old\.qcow2/).check();
  expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual(
    [],
  );
  await dialog.getByRole('button', { name: 'Adopt' }).click();
  await expect
    .poll(() => main.argsOf('machines.adopt'))
    .toEqual([
      {
        machineId: 'm7',
        departmentId: 'personal',
        volumes: [{ pool: 'images', name: 'old.qcow2' }],
      },
    ]);
});

test('changes by other tools are shown and taken over', async ({ page, open }) => {
  let changes = [{ kind: 'added' as const, text: '<vcpu>8</vcpu>' }];
  const main = await open({ machines: few }, '/index.html#/machine/m1', (fake) => {
    fake.handle('machines.details', () => details());
    fake.handle('machines.config', () => ({
      machineId: 'm1',
      savedAt: 1,
      displayProtocol: 'spice',
      displayEndpoint: '127.0.0.1:5900',
      hasPassword: true,
      hostDevices: ['0000:01:00.0'],
      changes,
    }));
    fake.handle('machines.acceptChanges', () => {
      changes = [];
    });
  });
  await page.getByRole('tab', { name: 'Configuration' }).click();
  const view = page.getByTestId('configuration');
  await expect(view).toContainText('spice at 127.0.0.1:5900, with a password');
  await expect(page.getByTestId('outside-changes')).toHaveText('+ <vcpu>8</vcpu>');
  expect((await new AxeBuilder({ page }).include('.machine-tabs').analyze()).violations).toEqual(
    [],
  );
  await view.getByRole('button', { name: 'Take it as it is' }).click();
  await expect(view).toContainText('Nobody but Berth has changed the definition.');
  expect(main.argsOf('machines.acceptChanges')).toEqual([{ machineId: 'm1' }]);
});

test('what has no owner is shown, and removed when it is ours', async ({ page, open }) => {
  const common = { kind: 'volume' as const, where: 'the pool berth', origin: 'By creation c1.' };
  const main = await open({}, '/index.html', (fake) => {
    fake.handle('host.doctor', () => []);
    fake.handle('reconcile.scan', () => ({
      at: 1,
      unseen: [],
      orphans: [
        { ...common, id: 'volume/berth/a', name: 'a', removes: ['the volume a'] },
        { ...common, id: 'volume/berth/b', name: 'b', removes: [], kept: 'Somebody uses it.' },
      ],
    }));
    fake.handle('reconcile.remove', () => [
      { id: 'volume/berth/a', removed: true, detail: 'It is gone.' },
    ]);
  });
  await new HostPage(page).open();
  await page.getByRole('button', { name: 'Look for leftovers' }).click();
  const rows = page.getByTestId('orphan');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('Somebody uses it.');
  expect((await new AxeBuilder({ page }).include('.page-body').analyze()).violations).toEqual([]);
  await rows.nth(0).getByRole('button', { name: 'Remove' }).click();
  await rows.nth(0).getByRole('button', { name: 'Remove for good' }).click();
  await expect.poll(() => main.argsOf('reconcile.remove')).toEqual([{ ids: ['volume/berth/a'] }]);
});
