import { describe, expect, it } from 'vitest';
import { decodePpm } from './ppm.ts';

const ppm = (header: string, ...pixels: number[]) =>
  new Uint8Array([...new TextEncoder().encode(header), ...pixels]);

describe('decodePpm', () => {
  it('adds an opaque alpha channel', () => {
    const decoded = decodePpm(ppm('P6\n2 1\n255\n', 1, 2, 3, 4, 5, 6));
    expect(decoded?.width).toBe(2);
    expect(decoded?.height).toBe(1);
    expect([...(decoded?.rgba ?? [])]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('skips comments and takes any white space', () => {
    expect(decodePpm(ppm('P6 # made by hand\n# again\n1\t1\r\n255 ', 7, 8, 9))?.width).toBe(1);
  });

  it.each([
    ['another format', ppm('P5\n1 1\n255\n', 1)],
    ['cut short', ppm('P6\n2 2\n255\n', 1, 2, 3)],
    ['no size', ppm('P6\nx')],
    ['nothing at all', new Uint8Array()],
    ['deep colour', ppm('P6\n1 1\n65535\n', 1, 2, 3, 4, 5, 6)],
    ['an empty picture', ppm('P6\n0 0\n255\n')],
    ['an absurd size', ppm('P6\n99999999 99999999\n255\n')],
  ])('refuses %s', (_what, data) => {
    expect(decodePpm(data)).toBeNull();
  });
});
