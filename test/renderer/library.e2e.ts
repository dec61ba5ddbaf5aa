import { DeleteDialog } from '../page-objects/delete-dialog.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { creation, details, host, machine, spaceError } from './fake/fixtures.ts';
import { failed, few } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

test('an empty library leads to the first machine', async ({ page, open }) => {
  await open();
  const library = new LibraryPage(page);
  await expect(library.emptyState).toContainText('No machines yet');
  await expect(library.emptyState).toContainText('~15 s');
  await library.makeTryout.click();
  await expect(page).toHaveURL(/#\/create\/tryout$/);
});

test('rows tell state, system, resources and address', async ({ page, open }) => {
  await open({ machines: few });
  const library = new LibraryPage(page);
  await expect(library.rows).toHaveCount(6);
  await expect(library.row('web')).toContainText('Debian 12');
  await expect(library.row('web')).toContainText('2 CPUs · 2 GiB');
  await expect(library.row('web')).toContainText('192.168.122.3');
  await expect(library.state('web')).toHaveText('Running');
  await expect(library.state('database')).toHaveText('Off');
  await expect(library.state('lab-router')).toHaveText('Crashed');
  await expect(library.state('fresh')).toHaveText('First boot');
  await expect(library.row('windows-legacy')).toContainText('external');
});

test('a state change reaches its row, older events do not', async ({ page, open }) => {
  const main = await open({ machines: few });
  const library = new LibraryPage(page);
  const stale = main.machineEvent(machine(2, { name: 'database', power: 'crashed' }));
  const fresh = main.machineEvent(machine(2, { name: 'database', power: 'running' }));
  await main.emit(fresh);
  await expect(library.state('database')).toHaveText('Running');
  await main.emit(stale, main.machineEvent(machine(1, { name: 'web', power: 'paused' })));
  await expect(library.state('web')).toHaveText('Paused');
  await expect(library.state('database')).toHaveText('Running');
});

test('the primary action and the menu ask main', async ({ page, open }) => {
  const main = await open({ machines: few });
  const library = new LibraryPage(page);
  await library.action('database', 'Start').click();
  await library.action('web', 'Open console').click();
  await library.chooseFromMenu('web', 'Shut down');
  await expect.poll(() => main.argsOf('machines.stop')).toEqual([{ machineId: 'm1' }]);
  expect(main.argsOf('machines.start')).toEqual([{ machineId: 'm2' }]);
  expect(main.argsOf('console.open')).toEqual([{ machineId: 'm1' }]);
  await expect(library.root).toBeVisible();
});

test('a refused action is told with its hint and stays to be read', async ({ page, open }) => {
  const main = await open({ machines: few });
  main.refuse('machines.start', { ...spaceError, message: 'No memory left.', hint: 'Stop one.' });
  await new LibraryPage(page).action('database', 'Start').click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('No memory left. Stop one.');
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect(alert).toBeHidden();
});

test('a menu opens and closes by its button and by keys, and gives the focus back', async ({
  page,
  open,
}) => {
  await open({ machines: few });
  const button = page.getByRole('button', { name: 'More for web' });
  const menu = page.getByRole('menu', { name: 'More for web' });
  await button.click();
  await expect(menu).toBeVisible();
  await button.click();
  await expect(menu).toBeHidden();
  await button.press('Enter');
  await expect(menu).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(button).toBeFocused();
  await expect(page).toHaveURL(/\/index\.html$/);
});

test('search, filter and sort narrow the list', async ({ page, open }) => {
  await open({ machines: few });
  const library = new LibraryPage(page);
  await expect(library.rows).toHaveCount(6);
  await page.keyboard.press('/');
  await expect(library.search).toBeFocused();
  await page.keyboard.type('ubuntu');
  await expect(library.rows).toHaveCount(1);
  await expect(library.row('database')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(library.rows).toHaveCount(6);
  await library.search.fill('192.168.122.3');
  await expect(library.row('web')).toBeVisible();
  await library.search.fill('nothing like it');
  await expect(page.getByText('No machine matches.')).toBeVisible();
  await library.search.fill('');
  await library.filter('Off');
  await expect(library.rows).toHaveCount(1);
  await library.filter('Attention');
  await expect(library.row('lab-router')).toBeVisible();
  await library.filter('All');
  await library.sort('By state');
  await expect(library.rows.last()).toHaveAttribute('data-machine', 'database');
  await page.keyboard.press('Control+f');
  await expect(library.search).toBeFocused();
});

test('the keyboard walks the rows, opens and asks to delete', async ({ page, open }) => {
  const main = await open({ machines: few });
  main.handle('machines.details', () => details());
  const library = new LibraryPage(page);
  await library.rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(library.row('database')).toBeFocused();
  await page.keyboard.press('End');
  await expect(library.row('windows-legacy')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(library.row('build-agent')).toBeFocused();
  await page.keyboard.press('Delete');
  const dialog = new DeleteDialog(page);
  await expect(dialog.root).toContainText('Delete “build-agent”?');
  // The focus is inside before a key is of use.
  await expect(dialog.root.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog.root).toBeHidden();
  await library.rows.first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/machine\/m3$/);
});

test('another tool’s machine cannot be deleted', async ({ page, open }) => {
  await open({ machines: few });
  const library = new LibraryPage(page);
  await library.row('windows-legacy').focus();
  await page.keyboard.press('Delete');
  await library.row('windows-legacy').getByRole('button', { name: /^More/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Details' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toHaveCount(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('deleting names what will be removed and reports a refusal', async ({ page, open }) => {
  const main = await open({ machines: few });
  main.handle('machines.details', () => details());
  main.refuse('machines.delete', { ...spaceError, message: 'The volume is in use.' });
  await new LibraryPage(page).chooseFromMenu('web', 'Delete');
  const dialog = new DeleteDialog(page);
  await expect(dialog.root).toContainText('It is running and will be forced off first.');
  await expect(dialog.root).toContainText('/var/lib/berth/web.qcow2');
  await expect(dialog.cancel).toBeFocused();
  await dialog.confirm.click();
  await expect(dialog.error).toContainText('The volume is in use.');
  main.handle('machines.delete', () => undefined);
  await dialog.confirm.click();
  await expect(dialog.root).toBeHidden();
  expect(main.argsOf('machines.delete')).toHaveLength(2);
});

test('creations are rows: progress, waiting, cancel, dismiss', async ({ page, open }) => {
  const waiting = creation({
    id: 'c2',
    machineId: 'm901',
    name: 'second',
    state: 'queued',
    waitingFor: 'Waits for 2 GiB of memory',
  });
  const main = await open({
    creations: [creation(), waiting, { ...failed, id: 'c3', machineId: 'm902', name: 'broken' }],
  });
  const library = new LibraryPage(page);
  await expect(library.creationRow('try-out-linux')).toContainText('Create the disks');
  await expect(library.creationRow('try-out-linux').getByRole('progressbar')).toBeVisible();
  await expect(library.creationRow('second')).toContainText('Waits for 2 GiB of memory');
  await expect(library.creationRow('broken')).toContainText('ran out of space');
  await page.getByRole('button', { name: 'Cancel: try-out-linux' }).click();
  await expect.poll(() => main.argsOf('creations.cancel')).toEqual([{ creationId: 'c1' }]);
  await page.getByRole('button', { name: 'Dismiss: broken' }).click();
  await expect(library.creationRow('broken')).toBeHidden();
  await library.openCreation('try-out-linux');
  await expect(page).toHaveURL(/#\/creation\/c1$/);
});

test('a lost connection is told with cause, hint and what happens next', async ({ page, open }) => {
  const main = await open({ machines: few });
  const library = new LibraryPage(page);
  await expect(library.connectionBanner).toBeHidden();
  const error = {
    code: 'libvirt_refused',
    message: 'libvirt refuses this user.',
    cause: 'connect EACCES /run/libvirt/libvirt-sock',
    hint: 'Join the libvirt group and log in again.',
    fix: { action: 'run-command', label: 'Copy', command: 'sudo adduser ada libvirt' },
    retryable: true,
  } as const;
  await main.emit({
    type: 'host.changed',
    revision: main.nextRevision(),
    at: 1,
    host: host({ connection: 'reconnecting', error }),
  });
  await expect(library.connectionBanner).toContainText('Reconnecting');
  await expect(library.connectionBanner).toContainText('EACCES');
  await expect(library.connectionBanner).toContainText('sudo adduser ada libvirt');
  await main.emit({
    type: 'host.changed',
    revision: main.nextRevision(),
    at: 2,
    host: host({ connection: 'failed', error }),
  });
  await expect(library.connectionBanner).toContainText('libvirt refuses this user.');
  await main.emit({
    type: 'host.changed',
    revision: main.nextRevision(),
    at: 3,
    host: host(),
  });
  await expect(library.connectionBanner).toBeHidden();
});

test('a host without KVM is mentioned once', async ({ page, open }) => {
  await open({
    machines: few,
    host: host({ accelerator: 'tcg', acceleratorReason: 'No /dev/kvm.' }),
  });
  const library = new LibraryPage(page);
  await expect(library.notes).toContainText('No /dev/kvm.');
  await library.notes.getByRole('button', { name: 'Dismiss the note' }).click();
  await expect(library.notes).toBeHidden();
  await page.reload();
  await expect(library.row('web')).toBeVisible();
  await expect(library.notes).toBeHidden();
});

test('events that come while the snapshot is under way are not lost', async ({ page, open }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const main = await open({}, '/index.html', (fake) => {
    fake.handle('app.snapshot', async () => {
      await held;
      return { ...fake.snapshot, machines: few };
    });
  });
  await expect.poll(() => main.argsOf('app.snapshot').length).toBe(1);
  await main.emit(main.machineEvent(machine(2, { name: 'database', power: 'running' })));
  release();
  await expect(new LibraryPage(page).state('database')).toHaveText('Running');
});

test('a snapshot that fails can be asked for again', async ({ page, open }) => {
  const main = await open({ machines: few }, '/index.html', (fake) =>
    fake.refuse('app.snapshot', { ...spaceError, message: 'The database is locked.' }),
  );
  await expect(page.getByTestId('error')).toContainText('The database is locked.');
  main.handle('app.snapshot', () => main.snapshot);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(new LibraryPage(page).row('web')).toBeVisible();
});
