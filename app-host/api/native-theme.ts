import { EventEmitter } from 'node:events';

type Source = 'system' | 'light' | 'dark';

/** Electron's `nativeTheme`. What the desktop prefers is learned from the first page. */
class NativeTheme extends EventEmitter {
  #source: Source = 'system';
  #systemIsDark = false;

  get themeSource(): Source {
    return this.#source;
  }

  set themeSource(source: Source) {
    if (source === this.#source) return;
    this.#source = source;
    this.emit('app-host:emulate', this.emulated);
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? this.#systemIsDark : this.#source === 'dark';
  }

  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;

  /** What pages have to be told: nothing, while the desktop decides. */
  get emulated(): '' | 'light' | 'dark' {
    return this.#source === 'system' ? '' : this.#source;
  }

  /** Takes in what a page sees, which is the desktop's choice only while nothing is emulated. */
  seen(dark: boolean): void {
    if (this.#source !== 'system' || dark === this.#systemIsDark) return;
    this.#systemIsDark = dark;
    this.emit('updated');
  }
}

export const nativeTheme = new NativeTheme();
