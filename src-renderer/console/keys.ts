/** A key by its legacy code, which spice-html5 translates, and by its names, which noVNC does. */
type Key = { keyCode: number; code: string; key: string };

const CTRL: Key = { keyCode: 17, code: 'ControlLeft', key: 'Control' };
const ALT: Key = { keyCode: 18, code: 'AltLeft', key: 'Alt' };
const DELETE: Key = { keyCode: 46, code: 'Delete', key: 'Delete' };
const functionKey = (number: number): Key => ({
  keyCode: 111 + number,
  code: `F${number}`,
  key: `F${number}`,
});

export type Chord = { label: string; key: Key };

export const CTRL_ALT_DELETE: Chord = { label: 'Ctrl+Alt+Del', key: DELETE };
export const CTRL_ALT_F: readonly Chord[] = Array.from({ length: 12 }, (_, index) => ({
  label: `Ctrl+Alt+F${index + 1}`,
  key: functionKey(index + 1),
}));

/**
 * Presses Ctrl, Alt and a key in the guest. Events on the canvas are a way in that both libraries have: the helper of
 * spice-html5 reads a global variable that no module sets.
 */
export function sendChord(canvas: HTMLCanvasElement, { key }: Chord): void {
  const send = (type: 'keydown' | 'keyup', which: Key, ctrlKey: boolean, altKey: boolean) =>
    canvas.dispatchEvent(
      new KeyboardEvent(type, { ...which, ctrlKey, altKey, cancelable: true, bubbles: true }),
    );
  send('keydown', CTRL, true, false);
  send('keydown', ALT, true, true);
  send('keydown', key, true, true);
  send('keyup', key, true, true);
  send('keyup', ALT, true, false);
  send('keyup', CTRL, false, false);
}
