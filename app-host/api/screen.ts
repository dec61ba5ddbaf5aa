import { EventEmitter } from 'node:events';
import type { Rectangle } from './window-state.ts';

/** Electron's `screen`. Chromium tells the host about no display: one of a common size is assumed. */
class Screen extends EventEmitter {
  readonly #display = {
    id: 1,
    label: '',
    scaleFactor: 1,
    rotation: 0 as const,
    internal: false,
    bounds: { x: 0, y: 0, width: 1920, height: 1080 } satisfies Rectangle,
    workArea: { x: 0, y: 0, width: 1920, height: 1080 } satisfies Rectangle,
    size: { width: 1920, height: 1080 },
    workAreaSize: { width: 1920, height: 1080 },
  };

  getPrimaryDisplay() {
    return this.#display;
  }

  getAllDisplays() {
    return [this.#display];
  }

  getDisplayMatching(_rectangle: Rectangle) {
    return this.#display;
  }

  getCursorScreenPoint() {
    return { x: 0, y: 0 };
  }
}

export const screen = new Screen();
