import type { Locator, Page } from '@playwright/test';

/** The console window of one machine; `page` is that window. */
export class ConsolePage {
  readonly page: Page;
  readonly root: Locator;
  /** Container of the guest's picture. */
  readonly screen: Locator;
  readonly canvas: Locator;
  readonly start: Locator;
  readonly openInViewer: Locator;
  readonly fullscreen: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('console');
    this.screen = page.getByTestId('console-screen');
    this.canvas = this.screen.locator('canvas').first();
    this.start = page.getByRole('button', { name: 'Start it' });
    this.openInViewer = page.getByRole('button', { name: 'Open in viewer' }).first();
    this.fullscreen = page.getByRole('button', { name: /full screen/i });
  }

  /** Waits for a phase: `connected`, `off`, `lost`, `external`, `no-display`, `gone`. */
  async waitForPhase(phase: string, timeout = 30_000): Promise<void> {
    await this.page.locator(`[data-testid="console"][data-phase="${phase}"]`).waitFor({ timeout });
  }

  async sendKeys(label: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Send keys' }).click();
    await this.page.getByRole('menuitem', { name: label, exact: true }).click();
  }

  /** Size of the guest's picture in its own pixels. */
  async size(): Promise<{ width: number; height: number }> {
    return this.canvas.evaluate((canvas: HTMLCanvasElement) => ({
      width: canvas.width,
      height: canvas.height,
    }));
  }

  /** How many pixels of the picture are not black; more than none once the guest has drawn. */
  async litPixels(): Promise<number> {
    return this.canvas.evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d');
      if (!context) return 0;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let lit = 0;
      for (let at = 0; at < data.length; at += 4) {
        const light = (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
        if ((data[at + 3] ?? 0) > 0 && light > 48) lit += 1;
      }
      return lit;
    });
  }
}
