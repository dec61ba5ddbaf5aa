import { HostError } from '../host-error.ts';
import type { CdpSession } from './cdp.ts';
import type { TargetInfo } from './protocol.ts';

/** A page of the browser that a window can be built on. */
export interface PageTarget {
  session: CdpSession;
  targetId: string;
}

const openTimeout = 30_000;

/** Brings the pages that the browser opens and the windows that ask for one together, in order. */
export class PageQueue {
  /** Pages that have been asked of the browser and have not come yet; one comes by itself at its start. */
  #expected = 1;
  readonly #free: PageTarget[] = [];
  readonly #waiting: PromiseWithResolvers<PageTarget>[] = [];

  /**
   * @param open asks the browser for one more page
   * @throws HostError `chromium_failed`
   */
  async take(open: () => void): Promise<PageTarget> {
    const free = this.#free.shift();
    if (free) return free;
    const page = Promise.withResolvers<PageTarget>();
    this.#waiting.push(page);
    if (this.#waiting.length > this.#expected) {
      this.#expected += 1;
      open();
    }
    const timer = setTimeout(() => this.#expire(page), openTimeout).unref();
    try {
      return await page.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes a new page in; false when nobody asked for it. */
  offer(target: PageTarget, info: TargetInfo): boolean {
    if (this.#expected === 0 || info.openerId !== undefined || info.url.startsWith('chrome:')) {
      return false;
    }
    this.#expected -= 1;
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(target);
    else this.#free.push(target);
    return true;
  }

  /** The browser has gone; whoever still waits gets the error. */
  reset(error: HostError): void {
    this.#expected = 1;
    this.#free.length = 0;
    for (const page of this.#waiting.splice(0)) page.reject(error);
  }

  #expire(page: PromiseWithResolvers<PageTarget>): void {
    const at = this.#waiting.indexOf(page);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#expected = Math.max(0, this.#expected - 1);
    page.reject(new HostError('chromium_failed', 'Chromium did not open the window'));
  }
}
