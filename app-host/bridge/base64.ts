/** What newer engines and Node offer; ten times as fast as `btoa`, and not in TypeScript's library yet. */
interface Fast {
  Buffer?: typeof Buffer;
  Uint8Array: { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
}

/** Bytes as base64. Injected into pages too: see `codecFunctions`. */
export function bytesToText(bytes: Uint8Array & { toBase64?: () => string }): string {
  const node = (globalThis as unknown as Fast).Buffer;
  if (node) return node.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  if (bytes.toBase64) return bytes.toBase64();
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

/** The bytes of a base64 text, in a buffer of exactly their size. */
export function textToBytes(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer: node, Uint8Array: native } = globalThis as unknown as Fast;
  // A copy: the pool behind a small Buffer must not show in the value's `buffer`.
  if (node) return new Uint8Array(node.from(text, 'base64'));
  if (native.fromBase64) return native.fromBase64(text);
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
