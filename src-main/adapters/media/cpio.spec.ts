import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { buildCpio } from './cpio.ts';
import { findInPath } from './test-tools.ts';

const ARCHIVE = buildCpio([
  { kind: 'directory', path: 'bin' },
  { kind: 'file', path: 'bin/tool', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
  { kind: 'symlink', path: 'bin/sh', target: 'busybox' },
  { kind: 'character-device', path: 'dev-console', major: 5, minor: 1 },
]);

describe('buildCpio', () => {
  it('begins every entry on a multiple of four, with the newc magic, and ends with the trailer', () => {
    const names: string[] = [];
    for (let at = 0; at < ARCHIVE.length; ) {
      const field = (i: number): number =>
        Number.parseInt(ARCHIVE.toString('latin1', at + 6 + 8 * i, at + 14 + 8 * i), 16);
      expect(at % 4).toBe(0);
      expect(ARCHIVE.toString('latin1', at, at + 6)).toBe('070701');
      const nameLength = field(11);
      names.push(ARCHIVE.toString('latin1', at + 110, at + 110 + nameLength - 1));
      const content = Math.ceil((at + 110 + nameLength) / 4) * 4;
      at = Math.ceil((content + field(6)) / 4) * 4;
    }
    expect(names).toEqual(['bin', 'bin/tool', 'bin/sh', 'dev-console', 'TRAILER!!!']);
  });

  it.skipIf(!findInPath('cpio'))(
    'is what cpio lists, with modes, targets and device numbers',
    () => {
      const listing = execFileSync('cpio', ['-itv', '--quiet', '--numeric-uid-gid'], {
        input: ARCHIVE,
      })
        .toString()
        .trim()
        .split('\n');
      expect(listing[0]).toMatch(/^drwxr-xr-x +2 0 +0 .* bin$/);
      expect(listing[1]).toMatch(/^-rwxr-xr-x +1 0 +0 +10 .* bin\/tool$/);
      expect(listing[2]).toMatch(/^lrwxrwxrwx .* bin\/sh -> busybox$/);
      expect(listing[3]).toMatch(/^crw------- .* 5, +1 .* dev-console$/);
    },
  );
});
