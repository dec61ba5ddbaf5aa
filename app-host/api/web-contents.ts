import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { type Json, pack, unpack } from '../bridge/codec.ts';
import type { FromPage, KeyInput } from '../bridge/messages.ts';
import type { PageTarget } from '../chromium/page-queue.ts';
import type { Bounds } from '../chromium/protocol.ts';
import { browser } from '../host.ts';
import { app } from './app.ts';
import { HostEvent } from './host-event.ts';
import { ipcMain } from './ipc-main.ts';
import { nativeImage } from './native-image.ts';
import { Navigation } from './navigation.ts';
import { describeException, PageLink } from './page-link.ts';
import { PageRequests } from './page-requests.ts';
import { schemeOf, toChromium } from './schemes.ts';
import { session } from './session.ts';
import { WebFrameMain } from './web-frame-main.ts';

interface OpenDetails {
  url: string;
  frameName: string;
  features: string;
  disposition: 'new-window';
  referrer: { url: string; policy: 'default' };
}

type OpenHandler = (details: OpenDetails) => { action: 'allow' | 'deny' };

/** The pieces of an attached page. */
interface Page {
  target: PageTarget;
  link: PageLink;
  navigation: Navigation;
  requests: PageRequests;
}

export interface LoadFileOptions {
  hash?: string;
  search?: string;
  query?: Record<string, string>;
}

const contents = new Map<number, WebContents>();

/** Electron's `webContents`: the page of one window. */
export class WebContents extends EventEmitter {
  readonly id: number;
  readonly session = session.defaultSession;
  readonly mainFrame: WebFrameMain;
  readonly #page: Promise<Page>;
  #attached: Page | undefined;
  #openHandler: OpenHandler = () => ({ action: 'deny' });
  #destroyed = false;
  #closing = false;
  #colorScheme = '';

  constructor(id: number, preload: string | undefined) {
    super();
    this.id = id;
    this.mainFrame = new WebFrameMain(id, () => this.getURL());
    contents.set(id, this);
    this.#page = this.#attach(preload);
    this.#page.catch((error: unknown) => {
      console.error('A window could not be opened:', error);
      this.#gone();
    });
    this.on('newListener', (name) => {
      if (name === 'before-input-event') this.#attached?.link.post(['keys', true]);
    });
  }

  static fromId(id: number): WebContents | undefined {
    return contents.get(id);
  }

  static getAllWebContents(): WebContents[] {
    return [...contents.values()];
  }

  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return WebContents.getAllWebContents().find((one) => one.targetId === targetId);
  }

  get targetId(): string | undefined {
    return this.#attached?.target.targetId;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  isCrashed(): boolean {
    return false;
  }

  isLoading(): boolean {
    return this.#attached?.navigation.loading ?? true;
  }

  getURL(): string {
    return this.#attached?.navigation.url ?? '';
  }

  getType(): 'window' {
    return 'window';
  }

  /** @throws LoadError */
  async loadURL(url: string): Promise<void> {
    const { navigation, requests } = await this.#page;
    const chromiumUrl = toChromium(url);
    requests.allow(chromiumUrl);
    try {
      this.#grant(chromiumUrl);
      await navigation.load(url);
    } finally {
      requests.forget(chromiumUrl);
    }
  }

  /** @throws LoadError */
  loadFile(path: string, options: LoadFileOptions = {}): Promise<void> {
    const url = pathToFileURL(path);
    if (options.search !== undefined) url.search = options.search;
    for (const [name, value] of Object.entries(options.query ?? {})) {
      url.searchParams.set(name, value);
    }
    if (options.hash !== undefined) url.hash = options.hash;
    return this.loadURL(url.href);
  }

  reload(): void {
    this.#reload(false);
  }

  reloadIgnoringCache(): void {
    this.#reload(true);
  }

  stop(): void {
    this.#attached?.target.session.post('Page.stopLoading', {});
  }

  send(channel: string, ...args: unknown[]): void {
    const packed = pack(args);
    this.#attached?.link.post(['event', channel, packed]);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  /** @throws Error with the page's exception, or when the page goes */
  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    const { target } = await this.#page;
    const { result, exceptionDetails } = await target.session.send(
      'Runtime.evaluate',
      { expression: code, awaitPromise: true, returnByValue: true, userGesture },
      0,
    );
    if (exceptionDetails) throw new Error(describeException(exceptionDetails));
    return result.value;
  }

  /** Evaluates in the preload world, for the host's own dialogs. */
  async evaluateInPreload(
    expression: string,
    options: { userGesture?: boolean; byValue?: boolean } = {},
  ) {
    const { link, target } = await this.#page;
    return { session: target.session, result: await link.evaluate(expression, options) };
  }

  async capturePage() {
    const { target } = await this.#page;
    const { data } = await target.session.send('Page.captureScreenshot', { format: 'png' });
    return nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
  }

  focus(): void {
    this.#attached?.target.session.post('Page.bringToFront', {});
  }

  /** Opened from the keyboard or a browser's menu only: the protocol cannot open them. */
  openDevTools(): void {}
  closeDevTools(): void {}
  isDevToolsOpened(): boolean {
    return false;
  }
  setBackgroundThrottling(_allowed: boolean): void {}
  setZoomFactor(_factor: number): void {}

  close(_options?: { waitForBeforeUnload?: boolean }): void {
    this.emit('app-host:close-requested');
  }

  /** 'light', 'dark', or '' for the desktop's own. */
  setColorScheme(scheme: '' | 'light' | 'dark'): void {
    this.#colorScheme = scheme;
    this.#attached?.target.session.post('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
  }

  async setBounds(bounds: Bounds): Promise<void> {
    const { target } = await this.#page;
    const root = await browser.root();
    const { windowId } = await root.send('Browser.getWindowForTarget', {
      targetId: target.targetId,
    });
    await root.send('Browser.setWindowBounds', { windowId, bounds });
  }

  /** Ends the page; 'destroyed' follows. */
  endPage(): void {
    this.#closing = true;
    this.#page.then(
      ({ target }) => target.session.post('Page.close', {}),
      () => this.#gone(),
    );
  }

  async #attach(preload: string | undefined): Promise<Page> {
    await browser.start(app.getPath('userData'));
    const target = await browser.openPage();
    const { session: wire, targetId } = target;
    const page: Page = {
      target,
      link: new PageLink(wire, (message, document) => this.#receive(message, document)),
      navigation: new Navigation(wire, targetId, this),
      requests: new PageRequests(wire, targetId, (url) => this.#mayNavigate(url)),
    };
    wire.onClose(() => this.#gone());
    this.#watch(page);
    page.navigation.enable();
    page.requests.enable();
    wire.post('Inspector.enable', {});
    // Without it Chromium does not put the binding into the contexts to come.
    wire.post('Runtime.enable', {});
    wire.post('Runtime.runIfWaitingForDebugger', {});
    this.#attached = page;
    if (this.#colorScheme) this.setColorScheme(this.#colorScheme as 'light' | 'dark');
    await page.link.install(preload);
    return page;
  }

  #watch({ target: { session: wire } }: Page): void {
    wire.on('Inspector.targetCrashed', () => {
      this.emit('render-process-gone', new HostEvent(), { reason: 'crashed', exitCode: 1 });
    });
    wire.on('Page.windowOpen', ({ url, windowName, windowFeatures }) => {
      this.#openHandler({
        url,
        frameName: windowName,
        features: windowFeatures.join(),
        disposition: 'new-window',
        referrer: { url: this.getURL(), policy: 'default' },
      });
    });
    wire.on('Page.javascriptDialogOpening', ({ type }) => {
      if (type !== 'beforeunload') return;
      const accept = this.#closing || !this.emit('will-prevent-unload', new HostEvent());
      wire.post('Page.handleJavaScriptDialog', { accept });
    });
    wire.on('Runtime.consoleAPICalled', ({ type, args }) => {
      const message = args.map((arg) => String(arg.value ?? arg.description ?? arg.type)).join(' ');
      this.emit('console-message', { level: type, message, frame: this.mainFrame });
    });
  }

  #receive(message: FromPage, document: number): void {
    switch (message[0]) {
      case 'invoke':
        void this.#invoke(message[1], message[2], message[3], document);
        break;
      case 'send':
        ipcMain.emit(message[1], this.#event(), ...toArray(unpack(message[2])));
        break;
      case 'key':
        this.#key(message[1]);
        break;
      case 'hello':
        if (this.listenerCount('before-input-event') > 0) this.#attached?.link.post(['keys', true]);
        this.emit('app-host:dark', message[1].dark);
        this.emit('app-host:focus', message[1].focused);
        break;
      case 'dark':
      case 'focus':
        this.emit(`app-host:${message[0]}`, message[1]);
        break;
      case 'bounds':
        this.emit('app-host:bounds', message[1], message[2], message[3], message[4]);
        break;
    }
  }

  async #invoke(id: number, channel: string, args: Json, document: number): Promise<void> {
    const link = this.#attached?.link;
    try {
      const result = await ipcMain.invoke(channel, this.#event(), toArray(unpack(args)));
      link?.post(['reply', id, true, pack(result)], document);
    } catch (error) {
      console.error(`Error occurred in handler for '${channel}':`, error);
      // Only the text crosses, as in Electron.
      const told = new Error(`Error invoking remote method '${channel}': ${error}`);
      told.stack = `${told}`;
      link?.post(['reply', id, false, pack(told)], document);
    }
  }

  #event() {
    return Object.assign(new HostEvent(), {
      type: 'frame',
      sender: this,
      senderFrame: this.mainFrame,
      processId: this.id,
      frameId: 1,
      ports: [],
      reply: (channel: string, ...args: unknown[]) => this.send(channel, ...args),
    });
  }

  #key(input: KeyInput): void {
    const modifiers = (['shift', 'control', 'alt', 'meta'] as const).filter((name) => input[name]);
    // Too late to keep it from the page: the event has happened.
    this.emit('before-input-event', new HostEvent(), { ...input, modifiers });
  }

  #mayNavigate(url: string): boolean {
    if (url === this.getURL()) return true;
    const event = Object.assign(new HostEvent(), { url, isMainFrame: true, isSameDocument: false });
    this.emit('will-navigate', event, url);
    return !event.defaultPrevented;
  }

  /** Chromium asks the user for what Electron allows; and it denies all that it is not told to grant. */
  #grant(url: string): void {
    if (schemeOf(url) === undefined) return;
    const permissions = session.defaultSession.grantedPermissions(this);
    const { origin } = new URL(url);
    browser.root().then(
      (root) => root.post('Browser.grantPermissions', { origin, permissions }),
      // The load itself reports that the browser has gone.
      () => undefined,
    );
  }

  #reload(ignoreCache: boolean): void {
    this.#attached?.target.session.post('Page.reload', { ignoreCache });
  }

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    contents.delete(this.id);
    this.#attached?.navigation.close();
    this.emit('destroyed');
  }
}

function toArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
