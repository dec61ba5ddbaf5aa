import type { EventEmitter } from 'node:events';
import type { CdpSession } from '../chromium/cdp.ts';
import { HostEvent } from './host-event.ts';
import { toApp, toChromium } from './schemes.ts';

interface Load {
  url: string;
  loader: string | undefined;
  done: PromiseWithResolvers<void>;
}

const commitTimeout = 60_000;

/** A load that failed, with the fields that Electron gives it. */
export class LoadError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly url: string;

  constructor(code: string, url: string) {
    const errno = loadErrors[code] ?? -2;
    super(`${code} (${errno}) loading '${url}'`);
    this.name = 'Error';
    this.code = code;
    this.errno = errno;
    this.url = url;
  }
}

/** From Chromium's net/base/net_error_list.h: those that a local app meets. */
const loadErrors: Record<string, number> = {
  ERR_FAILED: -2,
  ERR_ABORTED: -3,
  ERR_FILE_NOT_FOUND: -6,
  ERR_TIMED_OUT: -7,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_INVALID_URL: -300,
};

/** The loads of one page's top frame, told to an emitter with Electron's event names. */
export class Navigation {
  readonly #session: CdpSession;
  readonly #frame: string;
  readonly #emitter: EventEmitter;
  #load: Load | undefined;
  #url = '';
  #loading = false;
  #leaving = false;

  constructor(session: CdpSession, frame: string, emitter: EventEmitter) {
    this.#session = session;
    this.#frame = frame;
    this.#emitter = emitter;
    this.#watch();
  }

  /** The app's form of the page's URL. */
  get url(): string {
    return this.#url;
  }

  get loading(): boolean {
    return this.#loading;
  }

  /** Another document is about to take the page's place: it is not being closed. */
  get leaving(): boolean {
    return this.#leaving;
  }

  enable(): void {
    this.#session.post('Page.enable', {});
    this.#session.post('Page.setLifecycleEventsEnabled', { enabled: true });
  }

  /**
   * Loads a page; fulfilled by its load event.
   * @throws LoadError when it cannot be loaded, or another load takes its place
   */
  async load(url: string): Promise<void> {
    this.#abandon();
    this.#leaving = true;
    const load: Load = { url: toApp(url), loader: undefined, done: Promise.withResolvers() };
    this.#load = load;
    load.done.promise.catch(() => undefined);
    const started = await this.#session
      .send('Page.navigate', { url: toChromium(url) }, commitTimeout)
      .catch(() => ({ errorText: 'net::ERR_ABORTED', loaderId: undefined }));
    if (started.errorText) this.#fail(load, started.errorText.replace('net::', ''));
    // Only the fragment changed: there is no load event to wait for.
    else if (started.loaderId === undefined) this.#finish(load);
    else load.loader = started.loaderId;
    return load.done.promise;
  }

  reload(ignoreCache: boolean): void {
    this.#leaving = true;
    this.#session.post('Page.reload', { ignoreCache });
  }

  /** The page has gone. */
  close(): void {
    this.#abandon();
  }

  #watch(): void {
    const session = this.#session;
    session.on('Page.frameRequestedNavigation', ({ frameId }) => {
      if (frameId === this.#frame) this.#leaving = true;
    });
    session.on('Page.frameStartedLoading', ({ frameId }) => {
      if (frameId === this.#frame) this.#setLoading(true);
    });
    session.on('Page.frameStoppedLoading', ({ frameId }) => {
      if (frameId !== this.#frame) return;
      this.#leaving = false;
      this.#setLoading(false);
    });
    session.on('Page.domContentEventFired', () => this.#emit('dom-ready'));
    session.on('Page.frameNavigated', ({ frame }) => {
      if (frame.id !== this.#frame) return;
      this.#leaving = false;
      this.#url = toApp(frame.url + (frame.urlFragment ?? ''));
      this.#emit('did-navigate', this.#url, 200, 'OK');
    });
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId !== this.#frame) return;
      this.#url = toApp(url);
      this.#emit('did-navigate-in-page', this.#url, true);
    });
    session.on('Page.lifecycleEvent', ({ frameId, loaderId, name }) => {
      if (frameId === this.#frame) this.#lifecycle(loaderId, name);
    });
  }

  #lifecycle(loader: string, name: string): void {
    if (name === 'firstPaint') this.#emitter.emit('app-host:paint');
    if (name !== 'load' || this.#url.startsWith('data:') || this.#url === '') return;
    this.#emit('did-finish-load');
    this.#emitter.emit('app-host:paint');
    if (this.#load && (this.#load.loader ?? loader) === loader) this.#finish(this.#load);
  }

  #setLoading(loading: boolean): void {
    if (this.#loading === loading) return;
    this.#loading = loading;
    this.#emit(loading ? 'did-start-loading' : 'did-stop-loading');
  }

  #finish(load: Load): void {
    if (this.#load === load) this.#load = undefined;
    load.done.resolve();
  }

  #fail(load: Load, code: string): void {
    if (this.#load === load) this.#load = undefined;
    const error = new LoadError(code, load.url);
    this.#emit('did-fail-load', error.errno, code, load.url, true);
    load.done.reject(error);
  }

  #abandon(): void {
    if (this.#load) this.#fail(this.#load, 'ERR_ABORTED');
  }

  #emit(name: string, ...args: unknown[]): void {
    this.#emitter.emit(name, new HostEvent(), ...args);
  }
}
