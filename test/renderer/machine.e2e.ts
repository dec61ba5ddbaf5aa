import { HostPage } from '../page-objects/host-page.ts';
import { MachinePage } from '../page-objects/machine-page.ts';
import { MediaPage } from '../page-objects/media-page.ts';
import { details, doctorChecks, machine, media, spaceError } from './fake/fixtures.ts';
import { few } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

test('a machine’s page: facts, devices, XML, actions by state', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m1', (fake) =>
    fake.handle('machines.details', () => details()),
  );
  const view = new MachinePage(page);
  await expect(view.heading).toHaveText('web');
  await expect(view.addresses).toContainText('192.168.122.3');
  await expect(view.devices).toContainText('/var/lib/berth/web.qcow2');
  await expect(view.devices).toContainText('52:54:00:3c:11:aa');
  await view.showXml();
  await expect(view.xml).toContainText('<name>web</name>');
  await expect(view.thumbnail).toHaveAttribute('data-drawn', 'true');
  await view.action('Shut down').click();
  await view.chooseFromMenu('Pause');
  await expect.poll(() => main.argsOf('machines.pause')).toEqual([{ machineId: 'm1' }]);
  expect(main.argsOf('machines.stop')).toEqual([{ machineId: 'm1' }]);
  await view.thumbnail.click();
  await expect.poll(() => main.argsOf('console.open')).toHaveLength(1);
  await main.emit(main.machineEvent(machine(1, { name: 'web', power: 'off', addresses: [] })));
  await view.waitForPower('off');
  await expect(view.thumbnail).toContainText('Off');
  await view.action('Start').click();
  await expect.poll(() => main.argsOf('machines.start')).toHaveLength(1);
});

test('no picture is asked for while the machine is off', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m2');
  await expect(new MachinePage(page).thumbnail).toContainText('Off');
  expect(main.argsOf('machines.screenshot')).toEqual([]);
});

test('deleting from the page goes back to the library', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m2');
  await new MachinePage(page).chooseFromMenu('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByTestId('library')).toBeVisible();
  expect(main.argsOf('machines.delete')).toEqual([{ machineId: 'm2' }]);
});

test('a machine that vanishes says so', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html#/machine/m1');
  await expect(new MachinePage(page).heading).toHaveText('web');
  await main.emit({
    type: 'vms.removed',
    revision: main.nextRevision(),
    at: 1,
    creationId: null,
    machineId: 'm1',
    name: 'web',
    departmentId: 'personal',
    stage: null,
  });
  await expect(page.getByText('This machine is gone')).toBeVisible();
});

test('images: listed, added by path and by dialog, removed', async ({ page, open }) => {
  const main = await open({}, '/index.html', (fake) => {
    fake.handle('media.add', ({ path }) => media({ id: 'x', name: path }));
    fake.handle('media.pick', () => '/tmp/picked.img');
  });
  const view = new MediaPage(page);
  await view.open();
  const item = view.item('debian-12-generic-amd64');
  await expect(item).toContainText('3 GiB disk, 412 MiB file');
  await expect(item).toContainText('used by 3 machines');
  await expect(item).toContainText('SHA-256 abababababab…');
  await view.addByPath('/tmp/typed.qcow2');
  await view.add.click();
  await expect
    .poll(() => main.argsOf('media.add'))
    .toEqual([{ path: '/tmp/typed.qcow2' }, { path: '/tmp/picked.img' }]);
  main.refuse('media.remove', { ...spaceError, message: 'Three machines use it.' });
  await view.remove('debian-12-generic-amd64');
  await expect(page.getByRole('alert')).toContainText('Three machines use it.');
  await main.emit({
    type: 'media.removed',
    revision: main.nextRevision(),
    at: 1,
    mediaId: 'img1',
  });
  await expect(view.emptyState).toBeVisible();
});

test('the host’s checks come with hints and remedies', async ({ page, open }) => {
  let mended = false;
  const main = await open({}, '/index.html', (fake) => {
    fake.handle('host.doctor', () =>
      doctorChecks().filter(({ code }) => !mended || code !== 'network'),
    );
    fake.handle('fixes.apply', () => {
      mended = true;
    });
  });
  const view = new HostPage(page);
  await view.open();
  await expect(view.checks).toHaveCount(4);
  await expect(view.check('Network for machines')).toHaveAttribute('data-status', 'error');
  await expect(view.check('External viewer')).toContainText('sudo apt install virt-viewer');
  await view.check('Network for machines').getByTestId('fix').click();
  await expect(view.checks).toHaveCount(3);
  await view.checkAgain.click();
  await expect.poll(() => main.argsOf('host.doctor').length).toBe(3);
});
