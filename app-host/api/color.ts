import type { Color } from '../chromium/protocol.ts';

/** Reads Electron's hexadecimal colours: `#RGB`, `#ARGB`, `#RRGGBB`, `#AARRGGBB`; undefined for all others. */
export function parseColor(text: string): Color | undefined {
  const digits = /^#([0-9a-f]+)$/i.exec(text)?.[1] ?? '';
  const wide = digits.length <= 4 ? digits.replaceAll(/./g, '$&$&') : digits;
  if (digits.length < 3 || (wide.length !== 6 && wide.length !== 8)) return undefined;
  const argb = Number.parseInt(wide.padStart(8, 'f'), 16);
  const byte = (shift: number) => (argb >>> shift) & 0xff;
  return { r: byte(16), g: byte(8), b: byte(0), a: byte(24) / 255 };
}
