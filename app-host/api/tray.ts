import { EventEmitter } from 'node:events';
import type { Menu } from './menu.ts';
import type { NativeImage } from './native-image.ts';

/** Electron's `Tray`. Chromium has no tray icons to give away: nothing is shown, the last values are kept. */
export class Tray extends EventEmitter {
  image: NativeImage | string;
  toolTip = '';
  title = '';
  contextMenu: Menu | null = null;
  #destroyed = false;

  constructor(image: NativeImage | string) {
    super();
    this.image = image;
  }

  setImage(image: NativeImage | string): void {
    this.image = image;
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  getTitle(): string {
    return this.title;
  }

  setContextMenu(menu: Menu | null): void {
    this.contextMenu = menu;
  }

  destroy(): void {
    this.#destroyed = true;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }
}
