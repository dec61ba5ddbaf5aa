import { EventEmitter } from 'node:events';
import type { Bounds } from '../chromium/protocol.ts';
import { app } from './app.ts';
import { parseColor } from './color.ts';
import { HostEvent } from './host-event.ts';
import { nativeTheme } from './native-theme.ts';
import { type LoadFileOptions, WebContents } from './web-contents.ts';
import { type ManagedWindow, WindowRegistry } from './window-registry.ts';
import { type Rectangle, WindowState } from './window-state.ts';

export interface WindowOptions {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  minWidth?: number;
  minHeight?: number;
  title?: string;
  fullscreen?: boolean;
  show?: boolean;
  backgroundColor?: string;
  webPreferences?: { preload?: string };
}

const registry = new WindowRegistry<BrowserWindow>();

/** Electron's `BrowserWindow`: one of Chromium's windows without tabs and address bar. */
export class BrowserWindow extends EventEmitter implements ManagedWindow {
  readonly id: number;
  readonly webContents: WebContents;
  readonly gone: Promise<void>;
  readonly #state: WindowState;
  #title: string;
  #closing = false;
  #focused = false;

  constructor(options: WindowOptions = {}) {
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    super();
    this.id = registry.nextId();
    this.#title = options.title ?? app.name;
    this.webContents = new WebContents(this.id, options.webPreferences?.preload, {
      background: parseColor(options.backgroundColor ?? ''),
      scheme: nativeTheme.emulated,
    });
    this.#state = new WindowState(options, (bounds) => this.#apply(bounds));
    registry.add(this);
    this.gone = new Promise((resolve) => this.webContents.once('destroyed', resolve));
    this.#watch();
    this.#state.open();
    app.emit('browser-window-created', new HostEvent(), this);
    app.emit('web-contents-created', new HostEvent(), this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return registry.all();
  }

  static getFocusedWindow(): BrowserWindow | null {
    return registry.all().find((window) => window.isFocused()) ?? null;
  }

  /** The window that a dialog without a parent belongs to; not part of Electron's interface. */
  static current(): BrowserWindow | undefined {
    return registry.current();
  }

  static fromId(id: number): BrowserWindow | null {
    return registry.get(id) ?? null;
  }

  static fromWebContents(contents: { readonly id: number }): BrowserWindow | null {
    return BrowserWindow.fromId(contents.id);
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  loadFile(path: string, options?: LoadFileOptions): Promise<void> {
    return this.webContents.loadFile(path, options);
  }

  reload(): void {
    this.webContents.reload();
  }

  /** Asks 'close' first; the window goes unless a listener prevents it. */
  close(): void {
    if (!this.#closing && this.#mayClose()) this.destroy();
  }

  destroy(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.webContents.endPage();
  }

  isClosing(): boolean {
    return this.#closing;
  }

  isDestroyed(): boolean {
    return this.webContents.isDestroyed();
  }

  show(): void {
    this.#state.set('normal');
    this.focus();
    this.emit('show');
  }

  showInactive(): void {
    this.#state.set('normal');
    this.emit('show');
  }

  /** Minimised: the protocol cannot unmap a window. */
  hide(): void {
    this.#state.hide();
    this.emit('hide');
  }

  isVisible(): boolean {
    return !this.#closing && this.#state.visible;
  }

  focus(): void {
    this.webContents.focus();
  }

  blur(): void {}

  isFocused(): boolean {
    return this.#focused && !this.#closing;
  }

  minimize(): void {
    this.#state.set('minimized');
    this.emit('minimize');
  }

  isMinimized(): boolean {
    return this.#state.is('minimized');
  }

  maximize(): void {
    this.#state.set('maximized');
    this.emit('maximize');
  }

  unmaximize(): void {
    this.#state.set('normal');
    this.emit('unmaximize');
  }

  isMaximized(): boolean {
    return this.#state.is('maximized');
  }

  restore(): void {
    this.#state.set('normal');
    this.emit('restore');
  }

  setFullScreen(wanted: boolean): void {
    if (wanted === this.isFullScreen()) return;
    this.#state.set(wanted ? 'fullscreen' : 'normal');
    this.emit(wanted ? 'enter-full-screen' : 'leave-full-screen');
  }

  isFullScreen(): boolean {
    return this.#state.is('fullscreen');
  }

  getBounds(): Rectangle {
    return this.#state.bounds();
  }

  getNormalBounds(): Rectangle {
    return this.#state.bounds();
  }

  getContentBounds(): Rectangle {
    return this.#state.bounds();
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#state.move(bounds);
  }

  getSize(): number[] {
    const { width, height } = this.#state.bounds();
    return [width, height];
  }

  setSize(width: number, height: number): void {
    this.#state.move({ width, height });
  }

  getPosition(): number[] {
    const { x, y } = this.#state.bounds();
    return [x, y];
  }

  setPosition(x: number, y: number): void {
    this.#state.move({ x, y });
  }

  setMinimumSize(width: number, height: number): void {
    this.#state.setMinimum(width, height);
  }

  getMinimumSize(): number[] {
    return this.#state.minimum();
  }

  center(): void {}

  getTitle(): string {
    return this.#title;
  }

  setTitle(title: string): void {
    this.#title = title;
    this.webContents.executeJavaScript(`document.title = ${JSON.stringify(title)}`).catch(() => {
      // The window has gone, and its title with it.
    });
  }

  /** The host's windows have no menu bar; the app draws its own. */
  setMenu(_menu: unknown): void {}
  removeMenu(): void {}
  setMenuBarVisibility(_visible: boolean): void {}
  setAutoHideMenuBar(_hide: boolean): void {}
  setIcon(_icon: unknown): void {}
  setBackgroundColor(_color: string): void {}
  setProgressBar(_progress: number): void {}
  flashFrame(_flag: boolean): void {}
  setAlwaysOnTop(_flag: boolean): void {}
  setResizable(_flag: boolean): void {}

  #mayClose(): boolean {
    const event = new HostEvent();
    this.emit('close', event);
    return !event.defaultPrevented;
  }

  /** The user closes the window: it goes by itself when this allows it. */
  #unload(event: HostEvent): void {
    if (this.#closing) return;
    if (this.#mayClose()) this.#closing = true;
    else event.preventDefault();
  }

  #apply(bounds: Bounds): void {
    this.webContents.setBounds(bounds).catch((error: unknown) => {
      if (!this.#closing && !this.isDestroyed()) console.error('A window kept its size:', error);
    });
  }

  #watch(): void {
    const { webContents } = this;
    webContents.once('destroyed', () => this.#goodbye());
    webContents.once('app-host:paint', () => this.emit('ready-to-show'));
    webContents.on('app-host:unload', (event: HostEvent) => this.#unload(event));
    webContents.on('app-host:close-requested', () => this.close());
    webContents.on('app-host:focus', (focused: boolean) => this.#setFocused(focused));
    webContents.on('app-host:dark', (dark: boolean) => nativeTheme.seen(dark));
    webContents.on('app-host:bounds', (x: number, y: number, width: number, height: number) => {
      if (this.#state.seen({ x, y, width, height })) this.emit('resize');
    });
    webContents.on('app-host:title', (title: string) => {
      this.#title = title;
      this.emit('page-title-updated', new HostEvent(), title, true);
    });
  }

  #setFocused(focused: boolean): void {
    if (focused) registry.focused(this);
    if (this.#focused === focused) return;
    this.#focused = focused;
    this.emit(focused ? 'focus' : 'blur');
    app.emit(focused ? 'browser-window-focus' : 'browser-window-blur', new HostEvent(), this);
  }

  #goodbye(): void {
    // The user closed it, or Chromium went: nobody could be asked.
    if (!this.#closing) this.emit('close', new HostEvent());
    this.#closing = true;
    registry.remove(this);
    this.emit('closed');
    app.windowGone();
  }
}
