import { CreatePage } from '../page-objects/create-page.ts';
import { CreationPage } from '../page-objects/creation-page.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { creation, machine, NOW, spaceError, stages } from './fake/fixtures.ts';
import { failed } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const ADDRESS = '/index.html#/creation/c1';

test('progress, then failure with what was undone, then another try', async ({ page, open }) => {
  const main = await open(
    { creations: [creation({ state: 'queued', stages: stages('validate') })] },
    ADDRESS,
  );
  const view = new CreationPage(page);
  await view.waitForState('queued');
  await main.emit(
    main.creationEvent(
      'vms.create_progress',
      creation({
        stages: stages('storage', 'running', { progress: 0.5, message: 'Writing the base image' }),
      }),
      [{ at: NOW, stage: 'storage', level: 'info', text: 'volume created' }],
    ),
  );
  await expect(view.stage('network')).toHaveAttribute('data-state', 'done');
  await expect(view.stage('storage')).toContainText('Writing the base image');
  await expect(page.getByRole('progressbar', { name: 'Create the disks' })).toHaveAttribute(
    'aria-valuenow',
    '50',
  );
  await expect(page.getByRole('status').filter({ hasText: 'Create the disks' })).toBeVisible();

  await main.emit(
    main.creationEvent(
      'vms.create_progress',
      creation({ state: 'rolling-back', error: spaceError }),
    ),
  );
  await view.waitForState('rolling-back');
  await expect(view.cancelButton).toBeHidden();

  await main.emit(main.creationEvent('vms.create_failed', failed));
  await view.waitForState('failed');
  await expect(view.outcome).toContainText('It failed at: Create the disks');
  await expect(view.error).toContainText('No space left on device');
  await expect(view.error).toContainText('Free 1.2 GiB');
  await expect(view.undone).toContainText('Nothing was left behind');
  await expect(view.undone.getByRole('img', { name: 'Removed and verified' })).toHaveCount(2);

  await main.emit(
    main.creationEvent('vms.create_queued', creation({ id: 'c2', machineId: 'm901' })),
  );
  await view.retry.click();
  await expect(page).toHaveURL(/#\/creation\/c2$/);
  await view.waitForState('running');
  expect(main.argsOf('creations.retry')).toEqual([{ creationId: 'c1' }]);
});

test('a failed one can be changed and tried again, or dismissed', async ({ page, open }) => {
  const main = await open({ creations: [failed] }, ADDRESS);
  const view = new CreationPage(page);
  await view.editAndRetry.click();
  await expect(new CreatePage(page).name).toHaveValue('try-out-linux');
  await page.goBack();
  await view.error.getByRole('button', { name: 'Use 512 MiB' }).click();
  await expect(new CreatePage(page).hardware).toContainText('1 CPU · 256 MiB · 512 MiB');
  await page.goBack();
  await view.dismiss.click();
  await expect(new LibraryPage(page).emptyState).toBeVisible();
  expect(main.argsOf('creations.dismiss')).toEqual([{ creationId: 'c1' }]);
});

test('leftovers that could not be verified are not called gone', async ({ page, open }) => {
  const undone = [
    { kind: 'volume', name: 'a.qcow2', verified: true },
    { kind: 'domain', name: 'a', verified: false, detail: 'libvirt did not answer' },
  ];
  await open({ creations: [{ ...failed, undone }] }, ADDRESS);
  const view = new CreationPage(page);
  await expect(view.undone).toContainText('Not everything is gone');
  await expect(view.undone).toContainText('libvirt did not answer');
});

test('cancelling asks in place, then shows the undoing', async ({ page, open }) => {
  const main = await open({ creations: [creation()] }, ADDRESS);
  const view = new CreationPage(page);
  await view.cancelButton.click();
  await page.getByRole('button', { name: 'Keep going' }).click();
  expect(main.argsOf('creations.cancel')).toEqual([]);
  await view.cancel();
  await expect.poll(() => main.argsOf('creations.cancel')).toEqual([{ creationId: 'c1' }]);
  await main.emit(
    main.creationEvent(
      'vms.create_progress',
      creation({ state: 'rolling-back', cancelRequested: true }),
    ),
  );
  await expect(page.getByRole('status').filter({ hasText: 'Removing everything' })).toBeVisible();
  await main.emit(
    main.creationEvent(
      'vms.create_cancelled',
      creation({
        state: 'cancelled',
        endedAt: NOW + 900,
        undone: [{ kind: 'volume', name: 'try-out-linux.qcow2', verified: true }],
      }),
    ),
  );
  await expect(view.outcome).toContainText('Cancelled');
  await expect(view.undone).toContainText('Nothing was left behind');
});

test('ready leads to the console, the machine and another one', async ({ page, open }) => {
  const main = await open(
    {
      creations: [
        creation({ state: 'provisioning', stage: 'first-boot', stages: stages('first-boot') }),
      ],
      machines: [machine(900, { name: 'try-out-linux', provisioning: 'first-boot' })],
    },
    ADDRESS,
  );
  const view = new CreationPage(page);
  await expect(view.thumbnail).toHaveAttribute('data-drawn', 'true');
  const colour = await view.thumbnail
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => [
      canvas.width,
      ...(canvas.getContext('2d')?.getImageData(0, 0, 1, 1).data ?? []),
    ]);
  expect(colour).toEqual([2, 255, 0, 0, 255]);
  await main.emit(
    main.creationEvent(
      'vms.create_completed',
      creation({
        state: 'completed',
        stage: 'ready',
        stages: stages('ready', 'done'),
        startedAt: NOW,
        endedAt: NOW + 13_400,
      }),
    ),
  );
  await expect(view.outcome).toContainText('try-out-linux is ready in 13 s');
  await expect(view.outcome).toContainText('192.168.122.152');
  await view.openConsole.click();
  await expect.poll(() => main.argsOf('console.open')).toEqual([{ machineId: 'm900' }]);
  await view.goToMachine.click();
  await expect(page).toHaveURL(/#\/machine\/m900$/);
});

test('the log joins what was and what comes', async ({ page, open }) => {
  const line = (text: string, at: number) =>
    ({ at: NOW + at, stage: 'storage', level: 'info', text }) as const;
  const main = await open({ creations: [creation()] }, ADDRESS, (fake) =>
    fake.handle('creations.log', () => [line('pool is active', 0), line('volume created', 1)]),
  );
  const view = new CreationPage(page);
  await view.openLog();
  await expect(view.log).toContainText('volume created');
  await main.emit(
    main.creationEvent('vms.create_progress', creation(), [
      { ...line('login: ', 2), level: 'guest' },
    ]),
  );
  await expect(view.log.locator('.log-line')).toHaveCount(3);
  await expect(view.log.locator('[data-level="guest"]')).toContainText('login:');
});

test('a creation that nobody knows leads back', async ({ page, open }) => {
  await open({}, '/index.html#/creation/none');
  await expect(page.getByText('This record is gone')).toBeVisible();
});
