import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { browser, startup } from '../host.ts';
import { commandLine } from './command-line.ts';
import { HostEvent } from './host-event.ts';
import { InstanceLock } from './instance-lock.ts';
import { Paths } from './paths.ts';
import type { ManagedWindow } from './window-registry.ts';

interface RelaunchOptions {
  args?: string[];
  execPath?: string;
}

/** Electron's `app`. */
class App extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = commandLine;
  readonly #paths = new Paths(startup);
  readonly #ready = Promise.withResolvers<void>();
  readonly #lock = new InstanceLock((argv, directory, data) => {
    void this.#ready.promise.then(() => {
      this.emit('second-instance', new HostEvent(), argv, directory, data);
    });
  });
  #name = startup.manifest.productName;
  #version = startup.manifest.version;
  #isReady = false;
  #quitting = false;
  #relaunch: RelaunchOptions | undefined;
  #windows: () => ManagedWindow[] = () => [];

  get name(): string {
    return this.#name;
  }

  set name(value: string) {
    this.#name = value;
  }

  getName(): string {
    return this.#name;
  }

  setName(value: string): void {
    this.#name = value;
  }

  getVersion(): string {
    return this.#version;
  }

  getAppPath(): string {
    return startup.root;
  }

  getPath(name: string): string {
    return this.#paths.get(name);
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  setAppLogsPath(path?: string): void {
    if (path !== undefined) this.#paths.set('logs', path);
  }

  getLocale(): string {
    return Intl.DateTimeFormat().resolvedOptions().locale;
  }

  getSystemLocale(): string {
    return this.getLocale();
  }

  getPreferredSystemLanguages(): string[] {
    return [this.getLocale()];
  }

  isReady(): boolean {
    return this.#isReady;
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  /** Windows follow the desktop's own settings; there is nothing that the host could switch off. */
  disableHardwareAcceleration(): void {}
  setAppUserModelId(_id: string): void {}
  setDesktopName(_name: string): void {}
  enableSandbox(): void {}

  focus(): void {}

  requestSingleInstanceLock(data?: Record<string, unknown>): boolean {
    return this.#lock.acquire(this.getPath('userData'), data);
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock.held;
  }

  releaseSingleInstanceLock(): void {
    this.#lock.release();
  }

  relaunch(options: RelaunchOptions = {}): void {
    this.#relaunch = options;
  }

  quit(): void {
    void this.#quit();
  }

  exit(code = 0): void {
    for (const window of this.#windows()) window.destroy();
    void this.#end(code);
  }

  /** Ends the host's part of the start: the main script has been evaluated. */
  becomeReady(windows: () => ManagedWindow[]): void {
    this.#windows = windows;
    if (this.#isReady || this.#quitting) return;
    this.#isReady = true;
    this.emit('ready', new HostEvent(), {});
    this.#ready.resolve();
  }

  /** To be called whenever a window has gone. */
  windowGone(): void {
    if (this.#quitting || this.#windows().length > 0) return;
    if (!this.emit('window-all-closed')) this.quit();
  }

  async #quit(): Promise<void> {
    if (this.#quitting || this.#isPrevented('before-quit')) return;
    this.#quitting = true;
    const windows = this.#windows();
    for (const window of windows) window.close();
    if (windows.some((window) => !window.isClosing())) {
      this.#quitting = false;
      return;
    }
    await Promise.all(windows.map((window) => window.gone));
    if (this.#isPrevented('will-quit')) {
      this.#quitting = false;
      return;
    }
    await this.#end(0);
  }

  async #end(code: number): Promise<void> {
    this.#quitting = true;
    await Promise.all([browser.close(), this.#lock.delivered]);
    this.emit('quit', new HostEvent(), code);
    this.#lock.release();
    if (this.#relaunch) startAgain(this.#relaunch);
    process.exit(code);
  }

  #isPrevented(name: 'before-quit' | 'will-quit'): boolean {
    const event = new HostEvent();
    this.emit(name, event);
    return event.defaultPrevented;
  }
}

function startAgain({ args, execPath }: RelaunchOptions): void {
  const [program, ...rest] = startup.argv;
  const child = spawn(execPath ?? program ?? process.execPath, args ?? rest, {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
}

export const app = new App();
export type { App };
