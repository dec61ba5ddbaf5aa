import type { Page } from '@playwright/test';
import { buildTinyImage } from '../fixtures/index.ts';
import { ConsolePage } from '../page-objects/console-page.ts';
import { nextWindow } from '../support/app.ts';
import { unlessBusy } from '../support/patience.ts';
import { expect, test, viewsOf } from './fixture.ts';
import { compareWithConsole, screenshotByLibvirt } from './screens.ts';

const GUEST_MS = 150_000;

/** Counts what a person's pointer does from now on. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    Object.assign(window, { clicks: 0 });
    document.addEventListener(
      'click',
      (event) => {
        if (event.isTrusted && event.detail > 0)
          Object.assign(window, { clicks: Reflect.get(window, 'clicks') + 1 });
      },
      true,
    );
  });
  return () => page.evaluate(() => Number(Reflect.get(window, 'clicks')));
}

test('three clicks, a name and a password make a machine that is seen, proved and removed', async ({
  daemon,
  launched,
  page,
  views,
}) => {
  const before = await daemon.listOutside();
  await test.step('an image comes into the library', async () => {
    await views.media.open();
    await views.media.addByPath(await buildTinyImage());
    await expect(views.media.item('tiny')).toContainText('qcow2', { timeout: 60_000 });
    await views.library.open();
  });
  const withImage = await daemon.listOutside();

  await test.step('three clicks from the library to a started creation', async () => {
    const clicks = await countClicks(page);
    await views.library.newMachine.click();
    await views.create.chooseTemplate('cloud-image');
    await views.create.fill({ name: 'ada-box', password: 'correct horse' });
    await expect(views.create.create).toBeEnabled();
    await views.create.create.click();
    await views.creation.root.waitFor();
    expect(await clicks()).toBeLessThanOrEqual(3);
  });

  await test.step('stages advance live until the guest says that it is ready', async () => {
    await expect(views.creation.stage('start')).toHaveAttribute('data-state', 'done');
    await expect(views.creation.stage('first-boot')).toHaveAttribute('data-state', 'running');
    await expect(views.creation.stage('first-boot')).toHaveAttribute('data-state', 'done', {
      timeout: GUEST_MS,
    });
    await views.creation.waitForState('completed', GUEST_MS);
  });

  await test.step('the seed medium is gone once the guest is ready', async () => {
    const { volumes } = await daemon.listOutside();
    expect(volumes.filter((volume) => volume.includes('seed'))).toEqual([]);
  });

  await test.step("the console shows the guest's own text", async () => {
    const window = await nextWindow(launched.app, () => views.creation.openConsole.click());
    const view = new ConsolePage(window);
    await view.waitForPhase('connected');
    await expect.poll(() => view.litPixels()).toBeGreaterThan(500);
    await expect
      .poll(async () => {
        const picture = await screenshotByLibvirt(daemon, 'ada-box');
        const { sameSize, lit, different } = await compareWithConsole(view, picture);
        return sameSize && lit > 0.002 && different < 0.02;
      })
      .toBe(true);
    await window.close();
  });

  await test.step('delete leaves nothing', async () => {
    await views.library.open();
    await views.library.chooseFromMenu('ada-box', 'Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(views.library.row('ada-box')).toHaveCount(0);
    const after = await daemon.listOutside();
    expect(after).toEqual(withImage);
  });

  await test.step('the image can be removed too', async () => {
    await views.media.open();
    await views.media.remove('tiny');
    await expect(views.media.items).toHaveCount(0);
    expect((await daemon.listOutside()).volumes).toEqual(before.volumes);
  });
});

test('the empty library leads to a try-out machine, which can be cancelled', async ({
  daemon,
  page,
  views,
}) => {
  const before = await daemon.listOutside();
  await expect(views.library.emptyState).toBeVisible();
  await views.library.makeTryout.click();
  await views.create.create.click();
  await expect(views.creation.stage('start')).toHaveAttribute('data-state', 'done');
  await views.creation.cancel();
  await views.creation.waitForState('cancelled');
  await expect(views.creation.undone).toBeVisible();
  const after = await daemon.listOutside();
  expect(after.domains).toEqual(before.domains);
  expect(after.volumes).toEqual(before.volumes);
  expect(after.processes).toEqual(before.processes);
  await page.reload();
  await viewsOf(page).creation.waitForState('cancelled');
});

test('a restarted libvirtd is found again within three seconds', async ({
  daemon,
  page,
  views,
}) => {
  await expect(views.library.root).toBeVisible();
  await daemon.kill();
  await expect(views.library.connectionBanner).toBeVisible();
  await daemon.restart();
  // The socket listens before the daemon answers, which takes it seconds on a busy host.
  await daemon.virsh('net-list');
  await expect(views.library.connectionBanner).toBeHidden({ timeout: unlessBusy(3000) });
  await expect(page.getByTestId('library')).toBeVisible();
});
