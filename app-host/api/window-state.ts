import type { Bounds } from '../chromium/protocol.ts';

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Initial {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  minWidth?: number;
  minHeight?: number;
  fullscreen?: boolean;
}

type State = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

/** Size, place and state of one window: as the app wants them, then as the page reports them. */
export class WindowState {
  readonly #apply: (bounds: Bounds) => void;
  readonly #hasPlace: boolean;
  #bounds: Rectangle;
  #minimum: [width: number, height: number];
  #state: State = 'normal';
  #hidden = false;

  constructor(initial: Initial, apply: (bounds: Bounds) => void) {
    this.#apply = apply;
    this.#hasPlace = initial.x !== undefined && initial.y !== undefined;
    this.#minimum = [initial.minWidth ?? 0, initial.minHeight ?? 0];
    const { x = 0, y = 0, width = 800, height = 600, fullscreen } = initial;
    this.#bounds = { x, y, ...this.#atLeast(width, height) };
    if (fullscreen) this.#state = 'fullscreen';
  }

  get visible(): boolean {
    return !this.#hidden && this.#state !== 'minimized';
  }

  /** Gives the new window its first size. */
  open(): void {
    const { x, y, width, height } = this.#bounds;
    this.#apply({ ...(this.#hasPlace ? { left: x, top: y } : {}), width, height });
    if (this.#state !== 'normal') this.#apply({ windowState: this.#state });
  }

  is(state: State): boolean {
    return this.#state === state && !this.#hidden;
  }

  set(state: State): void {
    const hidden = this.#hidden;
    this.#hidden = false;
    if (this.#state === state && !hidden) return;
    // Chromium refuses to go from one special state to another.
    if (state !== 'normal' && this.#state !== 'normal') this.#apply({ windowState: 'normal' });
    this.#state = state;
    this.#apply({ windowState: state });
  }

  hide(): void {
    if (this.#hidden) return;
    if (this.#state !== 'normal') this.set('normal');
    this.#hidden = true;
    this.#apply({ windowState: 'minimized' });
  }

  bounds(): Rectangle {
    return { ...this.#bounds };
  }

  /** @param wanted CSS pixels; what is left out stays */
  move(wanted: Partial<Rectangle>): void {
    const { x, y, width, height } = { ...this.#bounds, ...wanted };
    this.#bounds = { x, y, ...this.#atLeast(width, height) };
    const place = wanted.x !== undefined || wanted.y !== undefined ? { left: x, top: y } : {};
    this.#apply({ ...place, width: this.#bounds.width, height: this.#bounds.height });
  }

  minimum(): number[] {
    return [...this.#minimum];
  }

  setMinimum(width: number, height: number): void {
    this.#minimum = [width, height];
    this.#enforce();
  }

  /** Takes in what the page reports; false when nothing is new. */
  seen(reported: Rectangle): boolean {
    const old = this.#bounds;
    if (!this.visible) return false;
    this.#bounds = reported;
    this.#enforce();
    return old.width !== reported.width || old.height !== reported.height;
  }

  /** Chromium lets the user go below the minimum; the window grows back. */
  #enforce(): void {
    const { width, height } = this.#atLeast(this.#bounds.width, this.#bounds.height);
    if (this.#state !== 'normal' || !this.visible) return;
    if (width > this.#bounds.width || height > this.#bounds.height) this.move({ width, height });
  }

  #atLeast(width: number, height: number): { width: number; height: number } {
    return { width: Math.max(width, this.#minimum[0]), height: Math.max(height, this.#minimum[1]) };
  }
}
