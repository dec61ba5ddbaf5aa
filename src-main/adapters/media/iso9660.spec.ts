import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIso9660, type IsoFile } from './iso9660.ts';
import { findInPath, xorriso } from './test-tools.ts';

const FILES: IsoFile[] = [
  { name: 'user-data', content: '#cloud-config\nhostname: "ada"\n' },
  { name: 'meta-data', content: 'instance-id: "1"\n' },
  { name: 'network-config', content: Buffer.alloc(5000, 'x') },
  { name: 'empty', content: '' },
];

const fromUcs2 = (id: Buffer): string =>
  id.length < 2 ? '' : Buffer.from(id).swap16().toString('utf16le');

/** Names and contents as a reader of the given volume descriptor finds them. */
function readBack(iso: Buffer, descriptorType: 1 | 2): Map<string, string> {
  const descriptor = iso.subarray((15 + descriptorType) * 2048, (16 + descriptorType) * 2048);
  expect(descriptor.readUInt8(0)).toBe(descriptorType);
  const found = new Map<string, string>();
  const start = descriptor.readUInt32LE(156 + 2) * 2048;
  const end = start + descriptor.readUInt32LE(156 + 10);
  for (let at = start; at < end; ) {
    const length = iso.readUInt8(at);
    if (length === 0) {
      at = Math.ceil((at + 1) / 2048) * 2048;
      continue;
    }
    const record = iso.subarray(at, at + length);
    const id = record.subarray(33, 33 + record.readUInt8(32));
    const name = descriptorType === 2 ? fromUcs2(id) : id.toString('latin1');
    const from = record.readUInt32LE(2) * 2048;
    if (id.length > 1)
      found.set(name, iso.toString('latin1', from, from + record.readUInt32LE(10)));
    at += length;
  }
  return found;
}

describe('buildIso9660', () => {
  const iso = buildIso9660({ volumeLabel: 'cidata', files: FILES });

  it('stays small, and its descriptor tells its own length', () => {
    expect(iso.length).toBeLessThan(100 * 1024);
    expect(iso.readUInt32LE(16 * 2048 + 80) * 2048).toBe(iso.length);
    expect(iso.readUInt32BE(16 * 2048 + 84) * 2048).toBe(iso.length);
  });

  it('has both trees, with the same contents', () => {
    const joliet = readBack(iso, 2);
    expect([...joliet.keys()]).toEqual([
      'empty;1',
      'meta-data;1',
      'network-config;1',
      'user-data;1',
    ]);
    expect(joliet.get('user-data;1')).toBe('#cloud-config\nhostname: "ada"\n');
    expect(joliet.get('network-config;1')).toBe('x'.repeat(5000));
    const plain = readBack(iso, 1);
    expect(plain.get('USER_DATA.;1')).toBe('#cloud-config\nhostname: "ada"\n');
    expect(plain.get('EMPTY.;1')).toBe('');
  });

  it('gives the same bytes for the same input', () => {
    expect(buildIso9660({ volumeLabel: 'cidata', files: FILES }).equals(iso)).toBe(true);
  });

  it('takes more files than one sector of records holds, and keeps alike names apart', () => {
    const files = Array.from({ length: 80 }, (_, i) => ({
      name: `a-rather-long-file-name-number-${i}.txt`,
      content: `content ${i}`,
    }));
    const many = buildIso9660({ volumeLabel: 'MANY', files });
    expect(readBack(many, 1).size).toBe(80);
    expect(readBack(many, 2).get('a-rather-long-file-name-number-79.txt;1')).toBe('content 79');
  });

  it.each([
    ['a path', 'etc/passwd'],
    ['a space', 'user data'],
    ['a line break', 'user\ndata'],
    ['nothing', ''],
    ['the parent', '..'],
    ['65 characters', 'x'.repeat(65)],
    ['a character beyond ASCII', 'naïve'],
  ])('refuses a file name with %s', (_, name) => {
    expect(() => buildIso9660({ volumeLabel: 'cidata', files: [{ name, content: '' }] })).toThrow(
      expect.objectContaining({ code: 'iso_invalid_name' }),
    );
  });

  it('refuses two names that differ in case only, a bad label and too much content', () => {
    const twice = [
      { name: 'A', content: '' },
      { name: 'a', content: '' },
    ];
    const invalidName = expect.objectContaining({ code: 'iso_invalid_name' });
    expect(() => buildIso9660({ volumeLabel: 'cidata', files: twice })).toThrow(invalidName);
    expect(() => buildIso9660({ volumeLabel: 'a/b', files: [] })).toThrow(invalidName);
    const large = [{ name: 'big', content: Buffer.alloc(65 * 1024 * 1024) }];
    expect(() => buildIso9660({ volumeLabel: 'cidata', files: large })).toThrow(
      expect.objectContaining({ code: 'iso_too_large' }),
    );
  });
});

describe('the image as other programs read it', () => {
  let folder = '';
  let path = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-iso-'));
    path = join(folder, 'seed.iso');
    writeFileSync(path, buildIso9660({ volumeLabel: 'cidata', files: FILES }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it.skipIf(!findInPath('blkid'))('blkid names it cidata', () => {
    expect(run('blkid', '-p', '-o', 'export', path)).toMatch(/^LABEL=cidata$/m);
    expect(run('blkid', '-p', '-o', 'export', path)).toMatch(/^TYPE=iso9660$/m);
  });

  it.skipIf(!findInPath('xorriso'))(
    'xorriso sees lower-case names through Rock Ridge and gets the bytes back',
    () => {
      const listing = xorriso('-indev', path, '-find', '/', '-type', 'f');
      expect(
        listing
          .split('\n')
          .map((line) => line.replaceAll("'", ''))
          .filter(Boolean)
          .sort(),
      ).toEqual(['/empty', '/meta-data', '/network-config', '/user-data']);
      const out = join(folder, 'out');
      xorriso('-osirrox', 'on', '-indev', path, '-extract', '/', out);
      for (const { name, content } of FILES) {
        expect(readFileSync(join(out, name)).equals(Buffer.from(content))).toBe(true);
      }
    },
  );

  it.skipIf(!findInPath('xorriso'))('xorriso sees the same through Joliet', () => {
    const listing = xorriso('-read_fs', 'norock', '-indev', path, '-find', '/', '-type', 'f');
    expect(listing).toContain('/user-data');
    expect(listing).toContain('/network-config');
  });

  it.skipIf(!findInPath('isoinfo'))('isoinfo lists it', () => {
    expect(run('isoinfo', '-R', '-f', '-i', path).trim().split('\n').sort()).toEqual([
      '/empty',
      '/meta-data',
      '/network-config',
      '/user-data',
    ]);
  });
});
