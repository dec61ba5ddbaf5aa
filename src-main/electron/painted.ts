import type { BrowserWindow } from 'electron';

const AFTER_TWO_FRAMES = `new Promise((resolve) => {
  const now = () => resolve(performance.timeOrigin + performance.now());
  requestAnimationFrame(() => requestAnimationFrame(now));
})`;

/**
 * Resolves when the page has painted what it knows now, with the time in milliseconds since the epoch;
 * null when it cannot tell any more.
 */
export async function painted(window: BrowserWindow): Promise<number | null> {
  try {
    const at: unknown = await window.webContents.executeJavaScript(AFTER_TWO_FRAMES);
    return typeof at === 'number' ? Math.round(at) : null;
  } catch {
    return null;
  }
}
