import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { IsoReader } from '../iso-reader.ts';
import { findInPath } from '../test-tools.ts';
import type { AnswersInput } from './answers.ts';
import { type AnsweredFamily, buildAnswers } from './index.ts';

const FAMILIES: readonly AnsweredFamily[] = ['debian', 'ubuntu', 'fedora', 'rhel', 'opensuse'];

const INPUT: AnswersInput = {
  hostname: 'ada',
  user: 'ada',
  passwordHash: '$6$saltsalt$abc./',
  sshKeys: ['ssh-ed25519 AAAAC3 ada@example'],
  region: { locale: 'de_DE.UTF-8', keyboard: 'de', timezone: 'Europe/Berlin' },
  firstBoot: '#!/bin/sh\necho hello\n',
  mediumLabel: 'openSUSE-Leap-15.6',
};

const HOSTILE: AnswersInput = {
  ...INPUT,
  sshKeys: [`ssh-ed25519 AAAA '; BREAKOUT; " $(x) \`y\` <z> & ]]> %end \\ \u{1f511}`],
  firstBoot: `END\n%end\n]]>\n</source>\n'; BREAKOUT; d-i x/y string z\n`,
};

const folder = mkdtempSync(join(tmpdir(), 'berth-answers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (family: AnsweredFamily, input = INPUT): string =>
  buildAnswers(family, input)
    .files.map(({ path, content }) => `=== ${path}\n${content}`)
    .join('\n');

/** Runs a checker on a text; whatever it objects to is thrown. */
function run(program: string, args: readonly string[], name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return execFileSync(program, [...args, path], { encoding: 'utf8', timeout: 30_000 });
}

describe('buildAnswers', () => {
  it.each(FAMILIES)('of %s is as it was looked through', async (family) => {
    await expect(textOf(family)).toMatchFileSnapshot(`golden/${family}.txt`);
  });

  it.each(FAMILIES)('of %s reports the start and the end of the installation', (family) => {
    const text = textOf(family);
    expect(text).toContain('install 1 ');
    expect(text).toContain('installed 99 ');
  });

  it.each(FAMILIES)('of %s locks the password when there is none', (family) => {
    const text = textOf(family, { ...INPUT, passwordHash: null });
    expect(text.replaceAll('/dev/null', '')).not.toContain('null');
    expect(text).not.toContain('$6$');
  });

  it('puts the answers of Debian behind the initrd, and the others on a labelled medium', async () => {
    const debian = buildAnswers('debian', INPUT);
    expect(debian.seed).toBeNull();
    const archive = gunzipSync(debian.overlay ?? new Uint8Array()).toString('latin1');
    expect(archive).toContain('preseed.cfg');
    for (const [family, label] of [
      ['ubuntu', 'cidata'],
      ['fedora', 'OEMDRV'],
      ['opensuse', 'OEMDRV'],
    ] as const) {
      const { seed, overlay } = buildAnswers(family, INPUT);
      expect(overlay).toBeNull();
      const bytes = seed ?? new Uint8Array();
      const iso = await IsoReader.open(async (at, length) => bytes.subarray(at, at + length));
      expect(iso?.volume.label).toBe(label);
    }
  });

  it.each<[string, Partial<AnswersInput>]>([
    ['a host name with a line break', { hostname: 'a\nd-i preseed/run string x' }],
    ['a user with a space', { user: 'a b' }],
    ['the user root', { user: 'root' }],
    ['a user with a quote', { user: `a'b` }],
    ['a plain password', { passwordHash: 'secret' }],
    ['a hash with a line break', { passwordHash: '$6$a$b\nc' }],
    ['a key of two lines', { sshKeys: ['ssh-ed25519 A\nssh-ed25519 B'] }],
    ['a locale with a space', { region: { ...INPUT.region, locale: 'de DE' } }],
    ['a keyboard with a quote', { region: { ...INPUT.region, keyboard: `us'` } }],
    ['a time zone with a line break', { region: { ...INPUT.region, timezone: 'a\nb' } }],
    ['a label with a quote', { mediumLabel: '"' }],
  ])('refuses %s', (_, change) => {
    for (const family of FAMILIES) {
      expect(() => buildAnswers(family, { ...INPUT, ...change })).toThrow(
        expect.objectContaining({ code: 'seed_invalid_input' }),
      );
    }
  });

  it.each(FAMILIES)('of %s lets no key and no script say anything to the installer', (family) => {
    const text = textOf(family, HOSTILE);
    const shape = (of: string) => of.match(/%end|<\/?[a-z_-]+>|^d-i /gm)?.length ?? 0;
    if (family !== 'ubuntu') {
      expect(shape(text)).toBe(shape(textOf(family)));
      return expect(text).not.toContain('BREAKOUT');
    }
    const json = text.split('autoinstall: ')[1] ?? '';
    expect(JSON.parse(json)).toMatchObject({ ssh: { 'authorized-keys': HOSTILE.sshKeys } });
  });
});

describe('checkers of the formats', () => {
  const file = (family: AnsweredFamily, name: string, input = HOSTILE): string =>
    buildAnswers(family, input).files.find(({ path }) => path === name)?.content ?? '';

  it.skipIf(!findInPath('debconf-set-selections'))('find the preseed well formed', () => {
    const path = ['--checkonly'];
    expect(run('debconf-set-selections', path, 'preseed.cfg', file('debian', 'preseed.cfg'))).toBe(
      '',
    );
  });

  it.skipIf(!findInPath('xmllint'))('find the AutoYaST profile well formed', () => {
    expect(run('xmllint', ['--noout'], 'a.xml', file('opensuse', 'autoinst.xml'))).toBe('');
  });

  it('find the shell of every family well formed', () => {
    run('sh', ['-n'], 'post', file('debian', 'berth-post-install'));
    run('sh', ['-n'], 'report', file('debian', 'berth-report'));
    const sections = file('fedora', 'ks.cfg')
      .split(/^%(?:pre|post|onerror).*$/m)
      .slice(1);
    expect(sections).toHaveLength(4);
    for (const [i, text] of sections.entries()) {
      run('sh', ['-n'], `ks-${i}`, text.split('%end')[0] ?? '');
    }
  });

  it('find in the post-installation script what was given', () => {
    const root = join(folder, 'root');
    const script = file('debian', 'berth-post-install')
      .replaceAll(/(\/var\/lib\/berth|\/etc\/|\/home\/)/g, `${root}$1`)
      .replace(/^chown.*$/m, '')
      .replaceAll(/\bsystemctl\b/g, ':');
    execFileSync('mkdir', ['-p', `${root}/etc/systemd/system`]);
    run('sh', [], 'post-run', script);
    const read = (path: string) => execFileSync('cat', [join(root, path)], { encoding: 'utf8' });
    expect(read('/home/ada/.ssh/authorized_keys')).toBe(`${HOSTILE.sshKeys[0]}\n`);
    expect(read('/var/lib/berth/first-boot')).toBe(HOSTILE.firstBoot);
    expect(read('/etc/sudoers.d/berth')).toBe('ada ALL=(ALL) NOPASSWD:ALL\n');
    run('sh', ['-n'], 'run', read('/var/lib/berth/run'));
  });
});
