import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatEstimate } from './format.ts';
import { href, parseRoute } from './navigation.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [575_488, '562 KiB'],
    [1.5 * 1024 ** 3, '1.5 GiB'],
    [20 * 1024 ** 3, '20 GiB'],
    [-(1024 ** 3), '−1 GiB'],
  ])('%i is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatDuration and formatEstimate', () => {
  it.each([
    [420, '0.4 s'],
    [12_400, '12 s'],
    [185_000, '3 min 05 s'],
    [3_720_000, '1 h 02 min'],
    [-5, '0.0 s'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('rounds what is only expected', () => {
    expect(formatEstimate(14.4)).toBe('~14 s');
    expect(formatEstimate(0.2)).toBe('~1 s');
    expect(formatEstimate(150)).toBe('~3 min');
  });
});

describe('parseRoute', () => {
  it.each([
    [href.library(), { view: 'library' }],
    [href.gallery(), { view: 'create', templateId: null, retryOf: null, mended: false }],
    [
      href.retry('debian-12', 'c/1'),
      { view: 'create', templateId: 'debian-12', retryOf: 'c/1', mended: false },
    ],
    [
      href.mend('debian-12', 'c/1'),
      { view: 'create', templateId: 'debian-12', retryOf: 'c/1', mended: true },
    ],
    [href.machine('a b'), { view: 'machine', machineId: 'a b' }],
    [href.creation('c1'), { view: 'creation', creationId: 'c1' }],
    ['#/machine/%E0%A4%A', { view: 'library' }],
    ['#/nowhere', { view: 'library' }],
    ['', { view: 'library' }],
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});
