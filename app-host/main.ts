import { pathToFileURL } from 'node:url';
import { isProfileInUse, profilePath } from './chromium/profile.ts';
import { browser, startup } from './host.ts';
import { registerElectron } from './register.ts';
import { electronVersion, guessUserData } from './startup.ts';

/**
 * Runs the app. The order is what makes the start short: Chromium takes longest, so it starts first, and the app's
 * main script is read and run meanwhile.
 * @throws HostError
 */
export async function run(): Promise<void> {
  const userData = guessUserData(startup);
  // In use: this is most likely a second instance, which hands over to the first and needs no browser.
  if (!isProfileInUse(profilePath(userData))) void browser.start(userData);
  process.on('exit', () => browser.kill());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void quit());
  disguise();
  registerElectron();
  const { connect, loadFetch, makeReady } = await import('./connect.ts');
  connect();
  await import(pathToFileURL(startup.entry).href);
  setImmediate(loadFetch);
  await makeReady(userData);
}

async function quit(): Promise<void> {
  const { app } = await import('./api/app.ts');
  app.quit();
}

/** Gives the process what Electron's main process has and Node's has not. */
function disguise(): void {
  const own = (name: string, value: unknown) => {
    Object.defineProperty(process, name, { value, configurable: true, enumerable: true });
  };
  own('type', 'browser');
  own('resourcesPath', startup.root);
  own('defaultApp', true);
  own('versions', { ...process.versions, electron: electronVersion, chrome: 'system' });
  process.argv = startup.argv;
}
