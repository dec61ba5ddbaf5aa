import { nextWindow } from '../support/app.ts';
import { expect, test } from './fixture-app.ts';

test('opens a window of the wanted size', async ({ launched: { app, page } }) => {
  const window = await app.browserWindow(page);
  expect(await window.evaluate((one) => one.getSize())).toEqual([900, 620]);
  await expect.poll(() => page.evaluate(() => [outerWidth, outerHeight])).toEqual([900, 620]);
  await window.evaluate((one) => one.setSize(700, 500));
  await expect.poll(() => page.evaluate(() => [outerWidth, outerHeight])).toEqual([700, 500]);
  await window.evaluate((one) => one.setSize(100, 100));
  await expect.poll(() => page.evaluate(() => [outerWidth, outerHeight])).toEqual([600, 400]);
});

test('has several windows, each with its own page', async ({ launched: { app, page } }) => {
  const second = await nextWindow(app, () =>
    page.evaluate(() => window.api.invoke('open', 'second')),
  );
  await expect(second.getByRole('status')).toHaveText('#second object');
  await expect(page.getByRole('status')).toHaveText('#first object');
  expect(await second.evaluate(() => window.api.invoke('sender'))).toMatchObject({ window: 2 });
  expect(await page.evaluate(() => window.api.invoke('sender'))).toMatchObject({ window: 1 });
  const count = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  expect(await count()).toBe(2);
  await second.close();
  await expect.poll(count).toBe(1);
  expect(await page.evaluate(() => window.api.invoke('echo', 'still here'))).toBe('still here');
});

test('runs the preload script anew after a reload', async ({ launched: { app, page } }) => {
  await page.reload();
  expect(await page.evaluate(() => window.api.loads)).toBe(1);
  const browserWindow = await app.browserWindow(page);
  const loaded = page.waitForEvent('load');
  await browserWindow.evaluate((one) => one.webContents.reload());
  await loaded;
  expect(await page.evaluate(() => window.api.invoke('echo', 'again'))).toBe('again');
});

test('tells of full screen and of closing', async ({ launched: { app, page } }) => {
  const window = await app.browserWindow(page);
  await window.evaluate((one) => one.setFullScreen(true));
  expect(await window.evaluate((one) => one.isFullScreen())).toBe(true);
  await window.evaluate((one) => one.setFullScreen(false));
  await expect.poll(() => page.evaluate(() => outerWidth)).toBe(900);
  const kept = await window.evaluate((one) => {
    one.once('close', (event: { preventDefault(): void }) => event.preventDefault());
    one.close();
    return !one.isDestroyed();
  });
  expect(kept).toBe(true);
  // The app ends with its last window, and may do so before it has answered.
  const closed = window
    .evaluate((one) => new Promise((resolve) => one.once('closed', resolve)))
    .catch(() => undefined);
  const gone = page.waitForEvent('close');
  await window.evaluate((one) => one.close()).catch(() => undefined);
  await gone;
  await closed;
});

test('keeps the page where it is', async ({ launched: { app, page } }) => {
  const lines: string[] = [];
  app.on('console', (message) => lines.push(message.text()));
  await page.getByRole('link', { name: 'away' }).click();
  await expect.poll(() => lines).toContain('will-navigate https://example.com/');
  await page.getByRole('link', { name: 'pop-up' }).click();
  await expect.poll(() => lines).toContain('window-open https://example.com/popup');
  await expect.poll(() => app.windows().length).toBe(1);
  expect(page.url()).toContain('index.html#first');
  expect(await page.evaluate(() => window.api.invoke('echo', 1))).toBe(1);
});

test('rejects what cannot be loaded', async ({ launched: { app, page } }) => {
  const window = await app.browserWindow(page);
  const error = await window.evaluate((one) =>
    one
      .loadURL('http://127.0.0.1:9/')
      .catch((e: { code: string; message: string }) => [e.code, e.message]),
  );
  expect(error).toEqual([
    'ERR_UNSAFE_PORT',
    expect.stringContaining("loading 'http://127.0.0.1:9/'"),
  ]);
});

test('reports a crash of the page', async ({ launched: { app, page } }) => {
  const window = await app.browserWindow(page);
  const reason = window.evaluate(
    (one) =>
      new Promise((resolve) => {
        one.webContents.once(
          'render-process-gone',
          (_event: unknown, details: { reason: string }) => resolve(details.reason),
        );
      }),
  );
  await window.evaluate((one) => {
    one.loadURL('chrome://crash').catch(() => undefined);
  });
  expect(await reason).toBe('crashed');
});
