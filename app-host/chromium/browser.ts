import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { HostError } from '../host-error.ts';
import { runtimeFolder } from '../runtime-folder.ts';
import { CdpConnection, type CdpSession } from './cdp.ts';
import { findChromium } from './executable.ts';
import { PageQueue, type PageTarget } from './page-queue.ts';
import { takeProfile } from './profile.ts';
import type { TargetInfo } from './protocol.ts';
import { browserSwitches, type SwitchOptions, windowSwitches } from './switches.ts';

/** Bytes in the path of a UNIX socket. Source: unix(7). */
const socketPathLimit = 107;

export interface BrowserOptions {
  /** Shown until the app's own page has a title, and the windows' class. */
  title: string;
  headless: boolean;
  debuggingPort: string | undefined;
  extraSwitches: readonly string[];
}

interface Events {
  exit: [];
  /** A page that nobody asked for: a pop-up, or a window that the user opened with a browser shortcut. */
  stray: [target: PageTarget];
  info: [info: TargetInfo];
}

/** The Chromium process and its pages. It is started once, early, and again only when it has gone. */
export class Browser extends EventEmitter<Events> {
  readonly #options: BrowserOptions;
  readonly #pages = new PageQueue();
  #process: ChildProcess | undefined;
  #spawned: Promise<ChildProcess> | undefined;
  #profile = '';
  #connection: Promise<CdpConnection> | undefined;

  constructor(options: BrowserOptions) {
    super();
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get headless(): boolean {
    return this.#options.headless;
  }

  /** The folder of Chromium's own data, once it has been started. */
  get profile(): string {
    return this.#profile;
  }

  /**
   * Starts Chromium on a profile below `userData`; a running one is left alone.
   * @throws HostError `chromium_not_found` at once; the promise is rejected with `chromium_failed`
   */
  start(userData: string): Promise<CdpConnection> {
    if (this.#connection) return this.#connection;
    const spawned = this.#spawn(findChromium(), userData);
    this.#spawned = spawned;
    spawned.catch((cause: unknown) => {
      this.#ended(new HostError('chromium_failed', `Chromium has no profile: ${cause}`));
    });
    this.#connection = spawned.then((child) => this.#connect(child));
    // Whoever waits for a page gets the error; nobody else has to care.
    this.#connection.catch(() => undefined);
    return this.#connection;
  }

  /**
   * The session of the browser itself.
   * @throws HostError `chromium_failed`
   */
  async root(): Promise<CdpSession> {
    return (await this.#running()).browser;
  }

  /** A page for one more window. */
  async openPage(): Promise<PageTarget> {
    const connection = await this.#running();
    return this.#pages.take(() => this.#open(connection));
  }

  /** Ends Chromium politely, so that it saves its data, and by force when it does not go. */
  async close(): Promise<void> {
    await this.#spawned?.catch(() => undefined);
    const child = this.#process;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => this.kill(), 3_000);
    this.#connection?.then(
      (connection) => connection.browser.post('Browser.close', {}),
      () => this.kill(),
    );
    await gone;
    clearTimeout(timer);
  }

  /** Ends Chromium at once. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** Where Playwright finds the browser, when a port was asked for. */
  async debuggingUrl(): Promise<string> {
    const text = await readFile(join(this.#profile, 'DevToolsActivePort'), 'utf8');
    const [port, path] = text.split('\n');
    return `ws://127.0.0.1:${port}${path}`;
  }

  async #running(): Promise<CdpConnection> {
    const connection = await this.#connection;
    if (!connection) throw new HostError('chromium_failed', 'Chromium is not running');
    return connection;
  }

  async #spawn(program: string, userData: string): Promise<ChildProcess> {
    this.#profile = await takeProfile(userData);
    const log = process.env['APP_HOST_LOG'] ? 'inherit' : 'ignore';
    this.#process = spawn(program, browserSwitches(this.#switchOptions()), {
      stdio: ['ignore', 'ignore', log, 'pipe', 'pipe'],
      env: environment(),
    });
    return this.#process;
  }

  async #connect(child: ChildProcess): Promise<CdpConnection> {
    const failure = new Promise<never>((_, reject) => {
      const fail = (reason: string) => {
        const error = new HostError('chromium_failed', `Chromium ${reason}`);
        if (this.#process === child) this.#ended(error);
        reject(error);
      };
      child.once('error', (cause) => fail(`could not be started: ${cause.message}`));
      child.once('exit', (code, signal) => fail(`ended (${signal ?? `exit code ${code}`})`));
    });
    const [, , , output, input] = child.stdio;
    if (!(output instanceof Writable) || !(input instanceof Readable)) return failure;
    const connection = new CdpConnection(output, input);
    await Promise.race([this.#attach(connection), failure]);
    return connection;
  }

  async #attach(connection: CdpConnection): Promise<void> {
    const { browser } = connection;
    browser.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      const session = connection.session(sessionId);
      // Developer tools are pages too: they are the user's business.
      if (session && targetInfo.url.startsWith('devtools:')) {
        session.post('Runtime.runIfWaitingForDebugger', {});
      } else if (session) {
        const target = { session, targetId: targetInfo.targetId };
        if (!this.#pages.offer(target, targetInfo)) this.emit('stray', target);
      }
    });
    browser.on('Target.targetInfoChanged', ({ targetInfo }) => this.emit('info', targetInfo));
    const filter = [{ type: 'page' }];
    browser.post('Target.setDiscoverTargets', { discover: true, filter });
    const attached = browser.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
      filter,
    });
    await attached;
  }

  #open(connection: CdpConnection): void {
    if (this.headless) {
      connection.browser.post('Target.createTarget', { url: this.#blank(), newWindow: true });
      return;
    }
    // A headed browser only opens a window without tabs for a second process on the same profile, which hands
    // its command line over and ends.
    const child = spawn(findChromium(), windowSwitches(this.#switchOptions()), { stdio: 'ignore' });
    // The page queue's timeout reports it.
    child.on('error', () => undefined);
  }

  #ended(error: HostError): void {
    this.#process = undefined;
    this.#connection = undefined;
    this.#pages.reset(error);
    this.emit('exit');
  }

  #switchOptions(): SwitchOptions {
    return {
      profile: this.#profile,
      headless: this.headless,
      sandbox: process.getuid?.() !== 0,
      windowClass: this.#options.title,
      url: this.#blank(),
      debuggingPort: this.#options.debuggingPort,
      extra: this.#options.extraSwitches,
    };
  }

  #blank(): string {
    const title = `<title>${this.#options.title.replaceAll('<', '&lt;')}</title>`;
    return `data:text/html,${encodeURIComponent(title)}`;
  }
}

/** Chromium leaves its socket in the temporary folder when it is killed: so it gets one that goes with the host. */
function environment(): NodeJS.ProcessEnv {
  const folder = runtimeFolder();
  const socket = join(folder, 'org.chromium.Chromium.XXXXXX/SingletonSocket');
  return socket.length > socketPathLimit ? process.env : { ...process.env, TMPDIR: folder };
}
