import { describe, expect, it } from 'vitest';
import { parseColor } from './color.ts';

describe('a colour', () => {
  it.each([
    ['#1a1b1e', { r: 26, g: 27, b: 30, a: 1 }],
    ['#fff', { r: 255, g: 255, b: 255, a: 1 }],
    ['#80ff0000', { r: 255, g: 0, b: 0, a: 128 / 255 }],
    ['#12', undefined],
    ['#12345', undefined],
    ['white', undefined],
  ])('is read from %s', (text, color) => {
    expect(parseColor(text)).toEqual(color);
  });
});
