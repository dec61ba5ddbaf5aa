import type { FromPage, KeyInput } from './messages.ts';

/**
 * Tells the host what a window's page sees of focus, theme, size and keys. Injected as source text.
 * @param guardClose lets the host decide when the user closes the window
 */
export function watchPage(
  post: (message: FromPage) => void,
  guardClose: boolean,
): { wantKeys(wanted: boolean): void } {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let keysWanted = false;
  const onKey = (event: KeyboardEvent) => {
    if (keysWanted && event.isTrusted) post(['key', describeKey(event)]);
    if (event.type === 'keydown' && isBrowserShortcut(event)) event.preventDefault();
  };
  addEventListener('focus', (event) => event.target === window && post(['focus', true]), true);
  addEventListener('blur', (event) => event.target === window && post(['focus', false]), true);
  addEventListener('resize', () => post(['bounds', screenX, screenY, outerWidth, outerHeight]));
  if (guardClose) addEventListener('beforeunload', (event) => event.preventDefault());
  dark.addEventListener('change', () => post(['dark', dark.matches]));
  // Capture: a page that stops propagation does not bring the browser's own shortcuts back.
  addEventListener('keydown', onKey, true);
  addEventListener('keyup', onKey, true);
  post(['hello', { dark: dark.matches, focused: document.hasFocus() }]);
  return {
    wantKeys(wanted) {
      keysWanted = wanted;
    },
  };
}

/** Keys that mean something to a browser and nothing to an Electron window. */
export function isBrowserShortcut(event: KeyboardEvent): boolean {
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey) return 'defghjnoprstuw'.includes(event.key.toLowerCase());
  if (event.altKey && !control)
    return ['ArrowLeft', 'ArrowRight', 'Home', 'd', 'e', 'f'].includes(event.key);
  return ['F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F12', 'BrowserBack', 'BrowserForward'].includes(
    event.key,
  );
}

export function describeKey(event: KeyboardEvent): KeyInput {
  return {
    type: event.type === 'keyup' ? 'keyUp' : 'keyDown',
    key: event.key,
    code: event.code,
    isAutoRepeat: event.repeat,
    isComposing: event.isComposing,
    shift: event.shiftKey,
    control: event.ctrlKey,
    alt: event.altKey,
    meta: event.metaKey,
    location: event.location,
  };
}
