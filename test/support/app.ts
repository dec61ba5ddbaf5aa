import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

const repository = resolve(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** The app's state, by default a new folder that `close` removes. */
  home?: string;
  env?: Record<string, string>;
  /** Arguments after the app's folder; `--user-data-dir=` for an app that does not know BERTH_HOME. */
  args?: readonly string[];
  /** The folder with the app's package.json. */
  appFolder?: string;
}

export interface LaunchedApp {
  app: ElectronApplication;
  /** The first window's page, loaded. */
  page: Page;
  home: string;
  /** Quits the app and removes what the launch made. */
  close(): Promise<void>;
}

/**
 * The binary of the electron package, if it has been downloaded; never downloads it. `BERTH_APP_HOST=chromium`
 * hides it.
 */
export function findElectron(): string | undefined {
  if (process.env['BERTH_APP_HOST'] === 'chromium') return undefined;
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const binary = join(dist, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : undefined;
}

/** Which host runs the app in these tests. */
export const hostKind = findElectron() ? 'electron' : 'chromium';

/** Starts the app in a state folder of its own, in real Electron where there is one, else in the Chromium host. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const root = options.appFolder ?? repository;
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'berth-e2e-'));
  const app = await launch(root, home, options);
  const close = async () => {
    await app.close();
    if (options.home === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 20 });
  };
  try {
    return { app, page: await loadedPage(await app.firstWindow()), home, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until a window's page is the app's own: it may start with an empty one. */
export async function loadedPage(page: Page): Promise<Page> {
  await page.waitForURL((url) => !['about:', 'data:'].includes(url.protocol));
  await page.waitForLoadState();
  return page;
}

/** Waits for the window that `action` opens. */
export async function nextWindow(app: ElectronApplication, action: () => unknown): Promise<Page> {
  const [page] = await Promise.all([app.waitForEvent('window'), action()]);
  return loadedPage(page);
}

function launch(root: string, home: string, options: LaunchOptions): Promise<ElectronApplication> {
  // Playwright injects its loader only when it finds the binary itself: so it gets a path for the stand-in alone.
  const standIn = { executablePath: join(repository, 'app-host/electron') };
  return _electron.launch({
    ...(hostKind === 'electron' ? {} : standIn),
    args: [root, ...(options.args ?? [])],
    cwd: root,
    env: { ...definedEnvironment(), BERTH_HOME: home, ...options.env },
    // Only to end what hangs.
    timeout: 120_000,
  });
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
