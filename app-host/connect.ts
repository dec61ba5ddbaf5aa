import { app } from './api/app.ts';
import { BrowserWindow } from './api/browser-window.ts';
import { nativeTheme } from './api/native-theme.ts';
import { WebContents } from './api/web-contents.ts';
import { removeSpareProfiles } from './chromium/profile.ts';
import { browser, underPlaywright } from './host.ts';

/** Ties the modules together that must not know each other. */
export function connect(): void {
  browser.on('stray', ({ session }) => {
    // A pop-up, which the app has been asked about, or a window that Ctrl+N opened: Electron has neither.
    session.post('Runtime.runIfWaitingForDebugger', {});
    session.post('Page.close', {});
  });
  browser.on('info', ({ targetId, title, url }) => {
    if (title && title !== url) {
      WebContents.fromDevToolsTargetId(targetId)?.emit('app-host:title', title);
    }
  });
  nativeTheme.on('app-host:emulate', (scheme: '' | 'light' | 'dark') => {
    for (const contents of WebContents.getAllWebContents()) contents.setScheme(scheme);
  });
}

/**
 * Node loads its implementation of fetch at the first use, for some 100 ms. The first request of the first page would
 * have to wait for it; now Chromium is still starting.
 */
export function loadFetch(): void {
  new Request('data:,');
}

/**
 * Lets the app become ready; to be called once its main script has been run.
 * @param guessed the `userData` that Chromium has been started with
 * @throws HostError
 */
export async function makeReady(guessed: string): Promise<void> {
  const userData = app.getPath('userData');
  if (userData !== guessed) await browser.close();
  if (underPlaywright) await meetPlaywright(userData);
  app.becomeReady(() => BrowserWindow.getAllWindows());
  // Left by instances that ran beside another one; nobody waits for it.
  removeSpareProfiles(userData).catch(() => undefined);
}

/** `_electron.launch` waits for this line, attaches to Chromium and Node, and then lets the app go on. */
async function meetPlaywright(userData: string): Promise<void> {
  const released = Promise.withResolvers<void>();
  Object.assign(globalThis, { __playwright_run: released.resolve });
  await browser.start(userData);
  console.error(`DevTools listening on ${await browser.debuggingUrl()}`);
  await released.promise;
}
