import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { type Json, pack, unpack } from '../bridge/codec.ts';
import type { FromPage, KeyInput } from '../bridge/messages.ts';
import type { Bounds, Color } from '../chromium/protocol.ts';
import { browser } from '../host.ts';
import { app } from './app.ts';
import { AttachedPage, type PageOwner } from './attached-page.ts';
import { HostEvent } from './host-event.ts';
import { ipcMain } from './ipc-main.ts';
import { nativeImage } from './native-image.ts';
import { describeException } from './page-link.ts';
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

export interface LoadFileOptions {
  hash?: string;
  search?: string;
  query?: Record<string, string>;
}

/** How a page looks from its first frame on. */
export interface Look {
  /** The page's background while it has none itself. */
  background: Color | undefined;
  scheme: '' | 'light' | 'dark';
}

const all = new Map<number, WebContents>();

/** Electron's `webContents`: the page of one window. Its events whose names start with `app-host:` are the host's. */
export class WebContents extends EventEmitter implements PageOwner {
  readonly id: number;
  readonly session = session.defaultSession;
  readonly mainFrame: WebFrameMain;
  readonly #page: Promise<AttachedPage>;
  #attached: AttachedPage | undefined;
  #openHandler: OpenHandler = () => ({ action: 'deny' });
  #destroyed = false;

  constructor(id: number, preload: string | undefined, look: Look) {
    super();
    this.id = id;
    this.mainFrame = new WebFrameMain(id, () => this.getURL());
    all.set(id, this);
    this.#page = this.#attach(preload, look);
    this.#page.catch((error: unknown) => {
      if (!this.#destroyed) console.error('A window could not be opened:', error);
      this.#gone();
    });
    this.on('newListener', (name) => {
      if (name === 'before-input-event') this.#attached?.link.post(['keys', true]);
    });
  }

  static fromId(id: number): WebContents | undefined {
    return all.get(id);
  }

  static getAllWebContents(): WebContents[] {
    return [...all.values()];
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
    this.#attached?.navigation.reload(false);
  }

  reloadIgnoringCache(): void {
    this.#attached?.navigation.reload(true);
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

  /** The protocol cannot open them. */
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

  setScheme(scheme: Look['scheme']): void {
    this.#attached?.target.session.post('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
  }

  async setBounds(bounds: Bounds): Promise<void> {
    const { target } = await this.#page;
    const root = await browser.root();
    const { targetId } = target;
    const { windowId } = await root.send('Browser.getWindowForTarget', { targetId });
    await root.send('Browser.setWindowBounds', { windowId, bounds });
  }

  /** Ends the page without asking it; 'destroyed' follows. */
  endPage(): void {
    this.#page.then(
      (page) => page.close(),
      () => this.#gone(),
    );
  }

  receive(message: FromPage, document: number): void {
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

  mayNavigate(url: string): boolean {
    if (url === this.getURL()) return true;
    const event = Object.assign(new HostEvent(), {
      url,
      isMainFrame: true,
      isSameDocument: false,
      frame: this.mainFrame,
    });
    this.emit('will-navigate', event, url);
    return !event.defaultPrevented;
  }

  windowOpen(url: string, frameName: string, features: string): void {
    const referrer = { url: this.getURL(), policy: 'default' } as const;
    // Whatever the answer, the host has no pop-ups: `browser` closes them.
    this.#openHandler({ url, frameName, features, disposition: 'new-window', referrer });
  }

  mayUnload(): boolean {
    const event = new HostEvent();
    this.emit('app-host:unload', event);
    return !event.defaultPrevented;
  }

  async #attach(preload: string | undefined, look: Look): Promise<AttachedPage> {
    await browser.start(app.getPath('userData'));
    const page = await AttachedPage.open(this);
    const wire = page.target.session;
    this.#attached = page;
    wire.onClose(() => this.#gone());
    if (look.background) {
      wire.post('Emulation.setDefaultBackgroundColorOverride', { color: look.background });
    }
    if (look.scheme) this.setScheme(look.scheme);
    await page.link.install(preload);
    return page;
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

  /** Chromium asks the user for what Electron allows, and denies what it has not been told to grant. */
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

  #gone(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    all.delete(this.id);
    this.#attached?.navigation.close();
    this.emit('destroyed');
  }
}

function toArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
