import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsolePage } from '../page-objects/console-page.ts';
import type { TestDaemon } from '../support/daemon/index.ts';

/** The guest's screen as libvirt gives it: a PNG. */
export async function screenshotByLibvirt(daemon: TestDaemon, domain: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-shot-'));
  try {
    const path = join(folder, 'screen.png');
    await daemon.virsh('screenshot', domain, path);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Comparison {
  sameSize: boolean;
  /** Share of pixels that are not black in libvirt's picture, 0..1. */
  lit: number;
  /** Share of those that the console shows differently, 0..1. */
  different: number;
}

/** Compares the console's canvas with a picture, pixel by pixel, inside the console's own page. */
export async function compareWithConsole(view: ConsolePage, png: Buffer): Promise<Comparison> {
  return await view.canvas.evaluate(async (canvas: HTMLCanvasElement, base64: string) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = picture;
    if (canvas.width !== width || canvas.height !== height) {
      return { sameSize: false, lit: 0, different: 1 };
    }
    const scratch = new OffscreenCanvas(width, height).getContext('2d');
    const shown = canvas.getContext('2d');
    if (!scratch || !shown) throw new Error('the page has no canvas');
    scratch.drawImage(picture, 0, 0);
    const wanted = scratch.getImageData(0, 0, width, height).data;
    const seen = shown.getImageData(0, 0, width, height).data;
    let lit = 0;
    let different = 0;
    for (let at = 0; at < wanted.length; at += 4) {
      const light = (i: number, data: Uint8ClampedArray) =>
        (data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0);
      const isLit = light(at, wanted) > 96;
      if (isLit) lit += 1;
      if (isLit !== light(at, seen) > 96) different += 1;
    }
    return { sameSize: true, lit: lit / (width * height), different: different / Math.max(lit, 1) };
  }, png.toString('base64'));
}
