import { join } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import { invokeChannels } from '../src-contract/channels.ts';
import { findResources, resolvePaths } from './compose/paths.ts';
import type { Berth } from './compose.ts';
import { type BerthError, toBerthError } from './core/errors.ts';
import { askRestore, confirmQuit, pickImage, showFatal } from './electron/dialogs.ts';
import { IpcTransport } from './electron/ipc-transport.ts';
import { painted } from './electron/painted.ts';
import { PAGE_ORIGINS, registerScheme, secureSession } from './electron/session-security.ts';
import { WindowSizes } from './electron/window-sizes.ts';
import { Windows } from './electron/windows.ts';
import { createHandlers } from './ipc/handlers.ts';
import { afterSnapshot, publish } from './ipc/publisher.ts';
import { createRouter } from './ipc/router.ts';

const CLOSE_PATIENCE_MS = 5_000;

const paths = resolvePaths();
const firstSnapshot = Promise.withResolvers<void>();
// The instance lock lies in this folder: one Berth for each home.
app.setPath('userData', paths.profile);
registerScheme();
if (app.requestSingleInstanceLock()) run();
else app.exit(0);

/** The window opens at once; the core is built and connected beside it, and requests wait for it. */
function run(): void {
  const mainWindow = Promise.withResolvers<BrowserWindow>();
  let berth: Berth | null = null;
  const core = startCore(mainWindow.promise);
  core.then(
    (started) => {
      berth = started;
    },
    () => app.exit(1),
  );
  endOrderly(() => berth);

  const transport = new IpcTransport(Object.keys(invokeChannels));
  void app.whenReady().then(() => {
    secureSession(join(findResources(), '../out/renderer'));
    const windows: Windows = new Windows({
      preloadPath: join(import.meta.dirname, '../preload/index.cjs'),
      sizes: new WindowSizes(paths.windowSizes),
      onOpen: (window) => serve(window, transport, core, windows),
    });
    const window = windows.openMain();
    void core.then((started) => logWhenShown(started, window));
    window.webContents.once('did-finish-load', () => mainWindow.resolve(window));
    askBeforeClosing(window, () => berth);
    window.once('closed', () => app.quit());
    app.on('second-instance', () => windows.openMain());
  });
}

/** Rejects when Berth cannot go on; the person has been told then. */
async function startCore(window: Promise<BrowserWindow>): Promise<Berth> {
  const { compose, restoreFromBackup } = await import('./compose.ts');
  const notices: string[] = [];
  for (;;) {
    try {
      const berth = await compose({ resumesQueued: true });
      berth.ports.store.notices.push(...notices);
      goOn(berth);
      return berth;
    } catch (error) {
      await askAfterFailure(await window, toBerthError(error));
      notices.push(restoreFromBackup());
    }
  }
}

/** Resolves when the database shall be restored. */
async function askAfterFailure(window: BrowserWindow, problem: BerthError): Promise<void> {
  if (problem.code === 'database_damaged') {
    if (await askRestore(window, problem)) return;
  } else {
    await showFatal(window, problem.message, problem.hint ?? '');
  }
  throw problem;
}

function goOn(berth: Berth): void {
  const { log } = berth.ports;
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => log.error(event, { error }));
  }
  let wasConnected = false;
  berth.hub.subscribe((event) => {
    if (event.type !== 'host.changed') return;
    const isConnected = event.host.connection === 'connected';
    if (isConnected && !wasConnected) {
      berth.recover().catch((error: unknown) => log.error('recovery failed', { error }));
    }
    wasConnected = isConnected;
  });
  berth.followOthers();
  void berth.link.connectPatiently();
}

/** Answers a window's requests and tells it what happens, as soon as there is a core. */
function serve(
  window: BrowserWindow,
  transport: IpcTransport,
  core: Promise<Berth>,
  windows: Windows,
): void {
  const router = core.then((berth) => {
    const events = afterSnapshot(berth.events);
    const stop = publish(events, (batch) => {
      if (!window.isDestroyed()) window.webContents.send('events', batch);
    });
    window.once('closed', stop);
    const handlers = createHandlers(berth, {
      origins: [...PAGE_ORIGINS],
      pickImage: () => pickImage(window),
      openConsole: (machine) => windows.openConsole(machine.id, machine.name),
      setFullscreen: (on) => window.setFullScreen(on),
    });
    const snapshot = async () => {
      const taken = await berth.snapshot();
      events.begin(taken.revision);
      return taken;
    };
    const answers = { ...handlers, 'app.snapshot': snapshot };
    return createRouter(answers, berth.commands, berth.ports.log);
  });
  transport.attach(window.webContents, {
    dispatch: async (channel, args) => {
      try {
        const answer = await (await router).dispatch(channel, args);
        if (channel === 'app.snapshot') firstSnapshot.resolve();
        return answer;
      } catch (error) {
        return { ok: false, error: toBerthError(error).toData() };
      }
    },
  });
}

/** How long the start took is in the log: the page asks for its snapshot, gets the first list, paints it. */
async function logWhenShown(berth: Berth, window: BrowserWindow): Promise<void> {
  await Promise.all([berth.link.settled, firstSnapshot.promise]);
  if (berth.link.host.connection !== 'connected') return;
  const shownAt = await painted(window);
  if (shownAt === null) return;
  berth.ports.log.info('library shown', { shownAt, machines: berth.library.list().length });
}

/** Only the person's own closing is asked about; a session that ends is not held up. */
function askBeforeClosing(window: BrowserWindow, berth: () => Berth | null): void {
  let decided = false;
  app.on('before-quit', () => {
    decided = true;
  });
  window.on('close', (event) => {
    const names = decided ? [] : namesInCreation(berth());
    if (names.length === 0) return;
    event.preventDefault();
    void confirmQuit(window, names).then((quit) => {
      if (quit) app.quit();
    });
  });
}

/** Machines whose creation this process runs and whose domain does not run yet. */
function namesInCreation(berth: Berth | null): string[] {
  if (berth === null) return [];
  const { pid } = berth.ports.system.self();
  return berth.ports.store.creations
    .open()
    .filter(({ owner, creation }) => owner.pid === pid && creation.state !== 'provisioning')
    .map(({ creation }) => creation.name);
}

function endOrderly(berth: () => Berth | null): void {
  let closed = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE_MS));
    void Promise.race([berth()?.close(), late])
      .catch((error: unknown) => console.error('Berth did not close cleanly:', error))
      .finally(() => {
        closed = true;
        app.quit();
      });
  });
}
