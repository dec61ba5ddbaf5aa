import { BrowserWindow } from './browser-window.ts';

let lastWritten = '';

/**
 * Electron's `clipboard`, for text. Chromium's clipboard belongs to its pages: the current window's page copies and
 * pastes for the host. Without a window, and where the page may not paste, the app reads what it wrote last.
 */
export const clipboard = {
  async writeText(text: string): Promise<void> {
    lastWritten = text;
    await inPage(`(${copyInPage})(${JSON.stringify(text)})`);
  },

  async readText(): Promise<string> {
    const text = await inPage(`(${pasteInPage})()`);
    return typeof text === 'string' ? text : lastWritten;
  },

  clear(): void {
    void clipboard.writeText('');
  },
};

async function inPage(expression: string): Promise<unknown> {
  try {
    const contents = BrowserWindow.current()?.webContents;
    const answer = await contents?.evaluateInPreload(expression, { userGesture: true });
    return answer?.result.value;
  } catch {
    // The page has gone, or has not been loaded yet.
    return undefined;
  }
}

/** Runs in the preload world. `execCommand` needs no permission and no focus, unlike `navigator.clipboard`. */
function copyInPage(text: string): boolean {
  const copy = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', copy, true);
  const done = document.execCommand('copy');
  removeEventListener('copy', copy, true);
  return done;
}

/** Runs in the preload world. Neither asks the user nor waits for them. */
async function pasteInPage(): Promise<string | undefined> {
  const name = 'clipboard-read' as PermissionName;
  const { state } = await navigator.permissions.query({ name });
  return state === 'granted' && document.hasFocus() ? navigator.clipboard.readText() : undefined;
}
