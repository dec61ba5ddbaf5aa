import { BrowserWindow } from './browser-window.ts';

let text = '';

/**
 * Electron's `clipboard`, for text. Writing reaches the desktop's clipboard through the current window; reading is
 * synchronous in Electron, which Chromium's clipboard is not, so it gives what the app itself wrote last.
 */
export const clipboard = {
  writeText(value: string): void {
    text = value;
    const window = BrowserWindow.current();
    window?.webContents
      .evaluateInPreload(`(${copyInPage})(${JSON.stringify(value)})`, { userGesture: true })
      .catch(() => {
        // No page, no desktop clipboard; the app still reads its own text back.
      });
  },

  readText(): string {
    return text;
  },

  clear(): void {
    clipboard.writeText('');
  },
};

/** Runs in the preload world. `execCommand` needs no permission and no focus, unlike `navigator.clipboard`. */
function copyInPage(value: string): boolean {
  const copy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', value);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', copy, true);
  const done = document.execCommand('copy');
  removeEventListener('copy', copy, true);
  return done;
}
