/** Legacy key codes, which are what spice-html5 translates to scan codes. */
const CTRL = 17;
const ALT = 18;
const DELETE = 46;
const F1 = 112;

export type Chord = { label: string; key: number };

export const CTRL_ALT_DELETE: Chord = { label: 'Ctrl+Alt+Del', key: DELETE };
export const CTRL_ALT_F: readonly Chord[] = Array.from({ length: 12 }, (_, index) => ({
  label: `Ctrl+Alt+F${index + 1}`,
  key: F1 + index,
}));

/**
 * Presses Ctrl, Alt and a key in the guest. Events on the canvas are the only way in: the library's
 * own helper reads a global variable that no module sets.
 */
export function sendChord(canvas: HTMLCanvasElement, { key }: Chord): void {
  const send = (type: 'keydown' | 'keyup', keyCode: number, ctrlKey: boolean, altKey: boolean) =>
    canvas.dispatchEvent(
      new KeyboardEvent(type, { keyCode, ctrlKey, altKey, cancelable: true, bubbles: true }),
    );
  send('keydown', CTRL, true, false);
  send('keydown', ALT, true, true);
  send('keydown', key, true, true);
  send('keyup', key, true, true);
  send('keyup', ALT, true, false);
  send('keyup', CTRL, false, false);
}
