import { BrowserWindow, nativeTheme } from 'electron';
import { pageUrl } from './session-security.ts';
import type { WindowSize, WindowSizes } from './window-sizes.ts';

export interface WindowsOptions {
  preloadPath: string;
  sizes: WindowSizes;
  /** Called for every new window before its page loads. */
  onOpen: (window: BrowserWindow) => void;
}

/** The windows' background before their page has painted, so that a dark desktop sees no white flash. */
const BACKGROUND = { light: '#f8f9fa', dark: '#1a1b1e' };
const MAIN_SIZE = { width: 1200, height: 780 };
const CONSOLE_SIZE = { width: 1060, height: 840 };

/** One main window, and one console window for each machine. */
export class Windows {
  readonly #options: WindowsOptions;
  readonly #consoles = new Map<string, BrowserWindow>();
  #main: BrowserWindow | null = null;

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  get main(): BrowserWindow | null {
    return this.#main;
  }

  /** Opens the main window, or brings it to the front. */
  openMain(): BrowserWindow {
    if (this.#main !== null) {
      raise(this.#main);
      return this.#main;
    }
    const window = this.#open('main', MAIN_SIZE, 'Berth', pageUrl('index.html'));
    this.#main = window;
    window.once('closed', () => {
      this.#main = null;
    });
    return window;
  }

  openConsole(machineId: string, name: string): void {
    const present = this.#consoles.get(machineId);
    if (present !== undefined) {
      raise(present);
      return;
    }
    const url = pageUrl('console.html', { machine: machineId });
    const window = this.#open('console', CONSOLE_SIZE, `${name} – Berth`, url);
    this.#consoles.set(machineId, window);
    window.once('closed', () => this.#consoles.delete(machineId));
  }

  #open(kind: string, size: WindowSize, title: string, url: string): BrowserWindow {
    const { sizes, preloadPath, onOpen } = this.#options;
    const window = new BrowserWindow({
      ...sizes.get(kind, size),
      minWidth: 480,
      minHeight: 360,
      title,
      show: false,
      autoHideMenuBar: true,
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      webPreferences: {
        preload: preloadPath,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
      },
    });
    window.removeMenu();
    window.once('ready-to-show', () => window.show());
    window.on('close', () => {
      const { width, height } = window.getNormalBounds();
      sizes.set(kind, { width, height });
    });
    onOpen(window);
    // A window that is closed while it loads rejects; there is nobody left to tell.
    window.loadURL(url).catch(() => undefined);
    return window;
  }
}

function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
