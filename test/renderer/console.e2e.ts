import AxeBuilder from '@axe-core/playwright';
import { ConsolePage } from '../page-objects/console-page.ts';
import { machine, spaceError } from './fake/fixtures.ts';
import { expect, test } from './fake/test.ts';

const ADDRESS = '/console.html?machine=m1';
const running = machine(1, { name: 'web' });

// The failed WebSocket of a console that cannot be reached, and what the libraries say about it.
test.use({ tolerated: [[/WebSocket/, /Connection closed/], { scope: 'test' }] });

test('a machine that is off can be started from its console', async ({ page, open }) => {
  const main = await open({ machines: [{ ...running, power: 'off' }] }, ADDRESS, (fake) =>
    fake.refuse('console.ticket', { ...spaceError, message: 'The display is not there yet.' }),
  );
  const view = new ConsolePage(page);
  await view.waitForPhase('off');
  await expect(page).toHaveTitle('web – Berth');
  await view.start.click();
  await expect.poll(() => main.argsOf('machines.start')).toEqual([{ machineId: 'm1' }]);
  expect(main.argsOf('console.ticket')).toEqual([]);
  await main.emit(main.machineEvent(running));
  await view.waitForPhase('lost');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test('no display, and no machine', async ({ page, open }) => {
  const main = await open({ machines: [{ ...running, graphics: 'none' }] }, ADDRESS);
  const view = new ConsolePage(page);
  await view.waitForPhase('no-display');
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
  await view.waitForPhase('gone');
});

test('a lost console is tried again by itself and on demand', async ({ page, open }) => {
  const main = await open({ machines: [running] }, ADDRESS, (fake) =>
    fake.refuse('console.ticket', { ...spaceError, message: 'The display is not there yet.' }),
  );
  const view = new ConsolePage(page);
  await view.waitForPhase('lost');
  await expect(page.getByText('The display is not there yet.')).toBeVisible();
  await expect.poll(() => main.argsOf('console.ticket').length).toBeGreaterThan(1);
  main.refuse('console.ticket', { ...spaceError, message: 'Still not there.' });
  await page.getByRole('button', { name: 'Reconnect now' }).click();
  await expect(page.getByText('Still not there.')).toBeVisible();
});

for (const protocol of ['spice', 'vnc'] as const) {
  test(`a relay that nobody answers counts as lost (${protocol})`, async ({ page, open }) => {
    await open({ machines: [running] }, ADDRESS, (fake) =>
      fake.handle('console.ticket', () => ({
        url: 'ws://127.0.0.1:9/',
        protocol,
        password: 'x',
      })),
    );
    await new ConsolePage(page).waitForPhase('lost');
  });
}

test('full screen is asked of the window', async ({ page, open }) => {
  const main = await open({ machines: [{ ...running, power: 'off' }] }, ADDRESS);
  const view = new ConsolePage(page);
  await view.fullscreen.click();
  await view.fullscreen.click();
  await expect.poll(() => main.argsOf('console.fullscreen')).toEqual([{ on: true }, { on: false }]);
});
