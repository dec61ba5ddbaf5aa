export type Pixels = { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> };

const MAX_SIDE = 16_384;

function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && (byte === 32 || (byte >= 9 && byte <= 13));
}

/** Reads the next header number, skipping white space and `#` comments. */
function readNumber(data: Uint8Array, from: number): { value: number; next: number } | null {
  let at = from;
  while (isSpace(data[at]) || data[at] === 35) {
    if (data[at] === 35) while (at < data.length && data[at] !== 10) at += 1;
    else at += 1;
  }
  let value = 0;
  const start = at;
  for (let digit = data[at]; digit !== undefined && digit >= 48 && digit <= 57; digit = data[at]) {
    value = value * 10 + (digit - 48);
    at += 1;
    if (value > 65_535) return null;
  }
  return at === start ? null : { value, next: at };
}

function readHeader(data: Uint8Array): { width: number; height: number; start: number } | null {
  const numbers: number[] = [];
  let next = 2;
  while (numbers.length < 3) {
    const number = readNumber(data, next);
    if (number === null) return null;
    numbers.push(number.value);
    next = number.next;
  }
  const [width = 0, height = 0, depth = 0] = numbers;
  const sane = width > 0 && height > 0 && Math.max(width, height) <= MAX_SIDE;
  return sane && depth === 255 && isSpace(data[next]) ? { width, height, start: next + 1 } : null;
}

/**
 * Decodes a binary portable pixmap (P6, 8 bits a channel), the format of QEMU's screendump.
 * Format: https://netpbm.sourceforge.net/doc/ppm.html. Null when it is not one or is cut short.
 */
export function decodePpm(data: Uint8Array): Pixels | null {
  if (data[0] !== 80 || data[1] !== 54) return null;
  const header = readHeader(data);
  if (header === null) return null;
  const { width, height, start } = header;
  const pixels = width * height;
  if (data.length - start < pixels * 3) return null;
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0, source = start, target = 0; pixel < pixels; pixel += 1) {
    rgba[target] = data[source] ?? 0;
    rgba[target + 1] = data[source + 1] ?? 0;
    rgba[target + 2] = data[source + 2] ?? 0;
    rgba[target + 3] = 255;
    source += 3;
    target += 4;
  }
  return { width, height, rgba };
}
