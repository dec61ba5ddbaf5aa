import type { BrowserWindow } from 'electron';

const PATIENCE_FRAMES = 3600;

/** Its answer to the page and the question travel apart: the page itself must say that it has the list. */
const WHEN_SHOWN = `new Promise((resolve) => {
  const now = () => resolve(performance.timeOrigin + performance.now());
  let frames = ${PATIENCE_FRAMES};
  const look = () => {
    frames -= 1;
    const shown = document.querySelector('.shell[data-phase="ready"] [data-connection="connected"]');
    if (shown === null && frames === 0) resolve(null);
    else requestAnimationFrame(shown === null ? look : now);
  };
  requestAnimationFrame(look);
})`;

/**
 * Resolves when the window has painted the first list, with the time in milliseconds since the epoch;
 * null when it cannot tell any more.
 */
export async function painted(window: BrowserWindow): Promise<number | null> {
  try {
    const at: unknown = await window.webContents.executeJavaScript(WHEN_SHOWN);
    return typeof at === 'number' ? Math.round(at) : null;
  } catch {
    return null;
  }
}
