import { randomUUID } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { expect, test } from './fixture-app.ts';

test('serves the private scheme and nothing else', async ({ launched: { page } }) => {
  expect(new URL(page.url()).host).toBe('app.fixture.localhost');
  const results = await page.evaluate(async () => {
    const status = (url: string) =>
      fetch(url).then(
        (answer) => answer.status,
        () => 'refused',
      );
    return {
      secure: isSecureContext,
      own: await status('./page.js'),
      missing: await status('./none'),
      outside: await status('/../../main.mjs'),
      file: await status('file:///etc/hostname'),
      stored: (() => {
        localStorage.setItem('a', 'b');
        return localStorage.getItem('a');
      })(),
    };
  });
  expect(results).toEqual({
    secure: true,
    own: 200,
    missing: 404,
    outside: 404,
    file: 'refused',
    stored: 'b',
  });
});

test('lets a page open a WebSocket on this computer', async ({ launched: { page } }) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(`got ${data}`)));
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const answer = await page.evaluate(
    (to) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${to}`);
        socket.onopen = () => socket.send('hi');
        socket.onmessage = (event) => resolve(event.data);
        socket.onerror = () => reject(new Error('refused'));
      }),
    port,
  );
  expect(answer).toBe('got hi');
  for (const client of server.clients) client.terminate();
  server.close();
});

test('opens files by their real paths', async ({ launched: { app, page, home } }) => {
  const paths = ['one.iso', 'two.iso'].map((name) => join(home, `${randomUUID()}-${name}`));
  for (const path of paths) writeFileSync(path, 'x');
  const ask = () =>
    app.evaluate(({ dialog }) =>
      dialog.showOpenDialog({ properties: ['openFile', 'multiSelections'] }),
    );
  const chooser = page.waitForEvent('filechooser');
  const asked = ask();
  await (await chooser).setFiles(paths);
  expect(await asked).toEqual({ canceled: false, filePaths: paths });
});

test('opens folders', async ({ launched: { app, page, home } }) => {
  const folder = join(home, 'chosen');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'x');
  const chooser = page.waitForEvent('filechooser');
  const asked = app.evaluate(({ dialog }) =>
    dialog.showOpenDialog({ properties: ['openDirectory'] }),
  );
  await (await chooser).setFiles(folder);
  expect(await asked).toEqual({ canceled: false, filePaths: [folder] });
});

test('asks with a message box in the page', async ({ launched: { app, page } }) => {
  const asked = app.evaluate(({ dialog, BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0];
    const options = {
      title: 'Quit?',
      message: 'One is still being made.',
      buttons: ['Keep', 'Quit'],
      cancelId: 0,
      checkboxLabel: 'Always',
    };
    return window ? dialog.showMessageBox(window, options) : undefined;
  });
  const box = page.getByRole('alertdialog');
  await expect(box).toContainText('One is still being made.');
  await box.getByLabel('Always').check();
  await box.getByRole('button', { name: 'Quit' }).click();
  expect(await asked).toEqual({ response: 1, checkboxChecked: true });
  await expect(box).toHaveCount(0);
  const cancelled = app.evaluate(({ dialog }) =>
    dialog.showMessageBox({ message: 'Sure?', buttons: ['Yes', 'Cancel'] }),
  );
  await expect(box).toContainText('Sure?');
  await page.keyboard.press('Escape');
  expect(await cancelled).toEqual({ response: 1, checkboxChecked: false });
});

test('lets a test answer dialogs', async ({ launched: { app } }) => {
  const answer = await app.evaluate(async ({ dialog }) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ['/x'] });
    return dialog.showOpenDialog({});
  });
  expect(answer).toEqual({ canceled: false, filePaths: ['/x'] });
});

test('follows the theme', async ({ launched: { app, page } }) => {
  const isDark = () => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  for (const source of ['dark', 'light'] as const) {
    const updated = await app.evaluate(({ nativeTheme }, wanted) => {
      let updates = 0;
      nativeTheme.once('updated', () => {
        updates += 1;
      });
      nativeTheme.themeSource = wanted;
      return [updates, nativeTheme.shouldUseDarkColors];
    }, source);
    expect(updated).toEqual([1, source === 'dark']);
    await expect.poll(isDark).toBe(source === 'dark');
  }
});

test('keeps secrets with a key of its own', async ({ launched: { app, home } }) => {
  const result = await app.evaluate(({ safeStorage }) => {
    const encrypted = safeStorage.encryptString('pässword');
    const broken = Buffer.from(encrypted);
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    let refused = false;
    try {
      safeStorage.decryptString(broken);
    } catch {
      refused = true;
    }
    return {
      backend: safeStorage.getSelectedStorageBackend(),
      hidden: !encrypted.includes('ssword'),
      fresh: !safeStorage.encryptString('pässword').equals(encrypted),
      text: safeStorage.decryptString(encrypted),
      refused,
    };
  });
  expect(result).toEqual({
    backend: 'basic_text',
    hidden: true,
    fresh: true,
    text: 'pässword',
    refused: true,
  });
  expect(statSync(join(home, 'profile/safe-storage.key')).mode & 0o777).toBe(0o600);
});

test('copies text', async ({ launched: { app } }) => {
  const text = await app.evaluate(async ({ clipboard }) => {
    await clipboard.writeText('copied');
    return clipboard.readText();
  });
  expect(text).toBe('copied');
});

test('describes the app', async ({ launched: { app, home } }) => {
  const described = await app.evaluate(({ app: one }) => [
    one.getName(),
    one.getVersion(),
    one.isPackaged,
    one.getPath('userData'),
    one.isReady(),
  ]);
  expect(described).toEqual(['Host Fixture', '1.2.3', false, join(home, 'profile'), true]);
});

test('hears keys when it wants to', async ({ launched: { app, page } }) => {
  const key = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise((resolve) => {
        BrowserWindow.getAllWindows()[0]?.webContents.on('before-input-event', (_event, input) => {
          if (input.type === 'keyDown') resolve([input.key, input.alt]);
        });
      }),
  );
  await expect
    .poll(async () => {
      await page.keyboard.press('F2');
      return Promise.race([key, Promise.resolve('none yet')]);
    })
    .toEqual(['F2', false]);
});
