import type { Finding } from '../../src-contract/model/error.ts';
import { CreatePage } from '../page-objects/create-page.ts';
import { CreationPage } from '../page-objects/creation-page.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { creation, GIB, MIB, machine, media, plan, spaceError } from './fake/fixtures.ts';
import { failed, few } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

const nameTaken: Finding = {
  code: 'name_taken',
  severity: 'error',
  message: 'A machine of this name exists.',
  field: 'name',
  fix: { action: 'set-field', label: 'Use web-2', field: 'name', value: 'web-2' },
};

test('three clicks, a name and a password make a machine', async ({ page, open }) => {
  const main = await open({ machines: few });
  await new LibraryPage(page).newMachine.click();
  const create = new CreatePage(page);
  await create.card('tryout').click();
  await expect(create.name).toHaveValue('try-out-linux');
  await expect(create.user).toHaveValue('ada');
  await expect(create.password).toBeFocused();
  await create.fill({ name: 'harbour-1', password: 'correct horse' });
  await expect(create.create).toBeEnabled();
  await main.emit(main.creationEvent('vms.create_queued', creation({ name: 'harbour-1' })));
  await create.create.click();
  await expect(new CreationPage(page).root).toContainText('harbour-1');
  expect(main.argsOf('creations.start')).toEqual([
    {
      templateId: 'tryout',
      name: 'harbour-1',
      departmentId: 'personal',
      user: 'ada',
      password: 'correct horse',
      sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA ada@harbour'],
      overrides: {},
      applications: [],
      gpus: [],
      priority: 0,
    },
  ]);
});

test('the gallery offers active templates with time and source', async ({ page, open }) => {
  await open({}, '/index.html#/create');
  const create = new CreatePage(page);
  await expect(create.cards).toHaveCount(4);
  await expect(create.card('tryout')).toContainText('ready in ~15 s');
  await expect(create.card('debian-12')).toContainText('Disk image');
});

test('the name is the next free one', async ({ page, open }) => {
  await open(
    {
      machines: [machine(1, { name: 'Try-out-Linux' })],
      creations: [creation({ name: 'try-out-linux-2' })],
    },
    '/index.html#/create/tryout',
  );
  await expect(new CreatePage(page).name).toHaveValue('try-out-linux-3');
});

test('an error finding blocks, and its remedy is one click', async ({ page, open }) => {
  await open({}, '/index.html#/create/tryout', (main) =>
    main.handle('creations.plan', ({ name }) =>
      plan({ findings: name === 'web' ? [nameTaken] : [] }),
    ),
  );
  const create = new CreatePage(page);
  await expect(create.create).toBeEnabled();
  await create.fill({ name: 'web' });
  await expect(create.finding('name_taken')).toBeVisible();
  await expect(create.create).toBeDisabled();
  await expect(create.name).toHaveAccessibleDescription('A machine of this name exists.');
  await page.keyboard.press('Control+Enter');
  await create.applyFix('name_taken');
  await expect(create.name).toHaveValue('web-2');
  await expect(create.finding('name_taken')).toBeHidden();
  await expect(create.create).toBeEnabled();
});

test('main’s remedies are carried out and the plan is made again', async ({ page, open }) => {
  let started = false;
  const inactive: Finding = {
    code: 'network_inactive',
    severity: 'error',
    message: 'The network “default” is not active.',
    fix: { action: 'start-network', label: 'Start it', network: 'default' },
  };
  const main = await open({}, '/index.html#/create/tryout', (fake) => {
    fake.handle('creations.plan', () => plan({ findings: started ? [] : [inactive] }));
    fake.handle('fixes.apply', () => {
      started = true;
    });
  });
  const create = new CreatePage(page);
  await create.applyFix('network_inactive');
  await expect(create.create).toBeEnabled();
  await expect(create.findings).toHaveCount(0);
  expect(main.argsOf('fixes.apply')).toEqual([inactive.fix]);
});

test('a late answer to an old question is dropped', async ({ page, open }) => {
  let releaseOld = () => {};
  const old = new Promise<void>((resolve) => {
    releaseOld = resolve;
  });
  const main = await open({}, '/index.html#/create/tryout', (fake) =>
    fake.handle('creations.plan', async ({ name }) => {
      if (name === 'slow') await old;
      return plan({ findings: name === 'slow' ? [nameTaken] : [], network: `for ${name}` });
    }),
  );
  const create = new CreatePage(page);
  await create.fill({ name: 'slow' });
  await expect.poll(() => main.argsOf('creations.plan').map(({ name }) => name)).toContain('slow');
  await expect(create.create).toBeDisabled();
  await create.fill({ name: 'quick' });
  await expect(create.receipt).toContainText('for quick');
  releaseOld();
  await expect(create.create).toBeEnabled();
  await expect(create.receipt).toContainText('for quick');
  await expect(create.findings).toHaveCount(0);
});

test('typing asks once when it pauses', async ({ page, open }) => {
  await page.clock.install();
  const main = await open({}, '/index.html#/create/tryout');
  const create = new CreatePage(page);
  await expect(create.create).toBeEnabled();
  // Between the keys no time passes, however busy this computer is.
  await page.clock.pauseAt(Date.now() + 3_600_000);
  const before = main.argsOf('creations.plan').length;
  await create.name.fill('');
  await create.name.pressSequentially('quickly-typed');
  expect(main.argsOf('creations.plan')).toHaveLength(before);
  await page.clock.runFor(1000);
  await expect.poll(() => main.argsOf('creations.plan').at(-1)?.name).toBe('quickly-typed');
  expect(main.argsOf('creations.plan')).toHaveLength(before + 1);
});

test('the receipt tells all, with details on demand', async ({ page, open }) => {
  await open({}, '/index.html#/create/tryout');
  const create = new CreatePage(page);
  await expect(create.receipt).toContainText('2 volumes, 1 machine');
  await expect(create.receipt).toContainText('562 KiB');
  await expect(create.receipt).toContainText('212 GiB free');
  await expect(create.receipt).toContainText('21 GiB left on the host');
  await expect(create.receipt).toContainText('~14 s');
  await create.details.getByRole('button', { name: 'Details' }).click();
  await expect(create.details).toContainText('delete volume try-out-linux.qcow2');
  await create.details.getByRole('button', { name: 'Domain XML' }).click();
  await expect(create.details).toContainText('<name>try-out-linux</name>');
  await create.details.getByRole('button', { name: 'Seed: user-data' }).click();
  await expect(create.details).toContainText('password: ********');
});

test('hardware is one line that opens', async ({ page, open }) => {
  const main = await open({}, '/index.html#/create/tryout');
  const create = new CreatePage(page);
  await expect(create.hardware).toContainText('1 CPU · 256 MiB · 1 GiB · network automatic · BIOS');
  await create.hardware.click();
  await create.vcpus.fill('3');
  await create.memory.fill('1024');
  await create.disk.fill('4');
  await expect(create.hardware).toContainText('3 CPUs · 1 GiB · 4 GiB');
  await expect
    .poll(() => main.argsOf('creations.plan').at(-1)?.overrides)
    .toEqual({ vcpus: 3, memoryBytes: 1024 * MIB, diskBytes: 4 * GIB });
  await page.getByRole('button', { name: 'Back to the template’s values' }).click();
  await expect(create.hardware).toContainText('1 CPU · 256 MiB');
});

test('an image is chosen, or added with progress', async ({ page, open }) => {
  let finish = () => {};
  const importing = media({ id: 'new', name: 'fresh-image', state: 'importing', progress: 0.3 });
  const main = await open({}, '/index.html#/create/debian-12', (fake) => {
    fake.handle('media.pick', () => '/home/ada/fresh.qcow2');
    fake.handle(
      'media.add',
      () =>
        new Promise((resolve) => {
          finish = () => resolve({ ...importing, state: 'ready', progress: null });
        }),
    );
  });
  const create = new CreatePage(page);
  await create.chooseImage('debian-12-generic-amd64');
  await expect.poll(() => main.argsOf('creations.plan').at(-1)?.overrides.mediaId).toBe('img1');
  await create.addImage.click();
  await expect.poll(() => main.argsOf('media.add').length).toBe(1);
  const event = () => ({ revision: main.nextRevision(), at: 1, type: 'media.changed' as const });
  await main.emit({ ...event(), media: importing });
  await expect(page.getByRole('progressbar', { name: 'Importing fresh-image' })).toHaveAttribute(
    'aria-valuenow',
    '30',
  );
  await main.emit({ ...event(), media: { ...importing, state: 'ready', progress: null } });
  finish();
  await expect(create.image).toHaveValue(/fresh-image/);
  expect(main.argsOf('media.add')).toEqual([{ path: '/home/ada/fresh.qcow2' }]);
});

test('a password can be made up and looked at', async ({ page, open }) => {
  await open({}, '/index.html#/create/tryout');
  const create = new CreatePage(page);
  await create.fill({ password: 'abc' });
  await expect(create.root).toContainText('Weak');
  await create.generate.click();
  await expect(create.password).toHaveValue(/^(\w{4}-){3}\w{4}$/);
  await expect(create.password).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide the password' }).click();
  await expect(create.password).toHaveAttribute('type', 'password');
  await expect(create.root).toContainText('Good');
});

test('Ctrl+Enter creates; a refusal keeps the form', async ({ page, open }) => {
  const main = await open({}, '/index.html#/create/tryout', (fake) =>
    fake.refuse('creations.start', spaceError),
  );
  const create = new CreatePage(page);
  await create.fill({ name: 'kept', password: 'secret-enough' });
  await expect(create.create).toBeEnabled();
  await page.keyboard.press('Control+Enter');
  await expect(create.error).toContainText('ran out of space');
  await expect(create.error).toContainText('No space left on device');
  await expect(create.name).toHaveValue('kept');
  await expect(create.password).toHaveValue('secret-enough');
  await create.error.getByTestId('fix').click();
  await expect
    .poll(() => main.argsOf('creations.plan').at(-1)?.overrides.diskBytes)
    .toBe(512 * MIB);
});

test('a failed creation comes back as a filled form', async ({ page, open }) => {
  const passwordMissing: Finding = {
    code: 'password_missing',
    severity: 'error',
    message: 'A password is needed.',
    field: 'password',
  };
  const main = await open({ creations: [failed] }, '/index.html#/create/tryout?retry=c1', (fake) =>
    fake.handle('creations.plan', ({ password }) =>
      plan({ findings: password ? [] : [passwordMissing] }),
    ),
  );
  const create = new CreatePage(page);
  await expect(create.name).toHaveValue('try-out-linux');
  await expect(create.password).toHaveAttribute('placeholder', 'Kept from the last attempt');
  await expect(create.create).toBeEnabled();
  await create.fill({ name: 'second-try' });
  await create.submit();
  await expect(page).toHaveURL(/#\/creation\/c2$/);
  const [retry] = main.argsOf('creations.retry');
  expect(retry?.creationId).toBe('c1');
  expect(retry?.request?.name).toBe('second-try');
  expect(retry?.request?.password).toBeUndefined();
});

test('a form that is left is found again, without its password', async ({ page, open }) => {
  await open({}, '/index.html#/create/tryout');
  const create = new CreatePage(page);
  await create.fill({ user: 'grace', password: 'not-to-be-kept' });
  await new LibraryPage(page).open();
  await page.goBack();
  await expect(create.user).toHaveValue('grace');
  await expect(create.password).toHaveValue('');
});
