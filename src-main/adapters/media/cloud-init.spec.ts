import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildNoCloudFiles, buildNoCloudSeed, type NoCloudInput } from './cloud-init.ts';
import { findInPath } from './test-tools.ts';

const INPUT: NoCloudInput = {
  instanceId: 'berth-1',
  hostname: 'ada',
  user: 'ada',
  passwordHash: '$6$saltsalt$abc./',
  sshKeys: ['ssh-ed25519 AAAAC3 ada@example'],
  progressPort: 'org.berth.progress.0',
};

const fileOf = (input: NoCloudInput, name: string): string =>
  String(buildNoCloudFiles(input).find((file) => file.name === name)?.content);

/** The values of the top-level keys, as each stands on a line of its own. */
function keysOf(document: string): Map<string, unknown> {
  const lines = document
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, unknown] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), JSON.parse(line.slice(colon + 2))];
    }),
  );
}

const HOSTILE_KEYS = [
  'ssh-ed25519 AAAA "quoted": \'and\' #comment: [x] {y} & *z ! | > %',
  'ssh-ed25519 AAAA \u2028 line \u2029 separators \u0085 and \ufeff a mark \u{1f511}',
  'ssh-ed25519 AAAA \\n not a newline \\',
];

const PYTHON = '/usr/bin/python3';
const HAVE_YAML = ((): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('buildNoCloudFiles', () => {
  it('writes user-data and meta-data, and a network only on request', () => {
    expect(buildNoCloudFiles(INPUT).map((file) => file.name)).toEqual(['meta-data', 'user-data']);
    expect(fileOf(INPUT, 'meta-data')).toBe('instance-id: "berth-1"\nlocal-hostname: "ada"\n');
    const network = keysOf(
      fileOf({ ...INPUT, network: { mac: '52:54:00:AA:BB:CC' } }, 'network-config'),
    );
    expect(network.get('version')).toBe(2);
    expect(network.get('ethernets')).toMatchObject({
      eth0: { match: { macaddress: '52:54:00:aa:bb:cc' } },
    });
  });

  it('begins with the line that makes it cloud-config', () => {
    expect(fileOf(INPUT, 'user-data').startsWith('#cloud-config\n')).toBe(true);
  });

  it('describes the administrator with password and keys', () => {
    const keys = keysOf(fileOf(INPUT, 'user-data'));
    expect(keys.get('users')).toEqual([
      expect.objectContaining({
        name: 'ada',
        lock_passwd: false,
        passwd: '$6$saltsalt$abc./',
        ssh_authorized_keys: ['ssh-ed25519 AAAAC3 ada@example'],
      }),
    ]);
    expect(keys.get('ssh_pwauth')).toBe(true);
    expect(keys.get('locale')).toBe('false');
    expect(keys.get('package_update')).toBe(false);
  });

  it('locks the password when there is none', () => {
    const keys = keysOf(fileOf({ instanceId: 'i', hostname: 'h', user: 'u' }, 'user-data'));
    expect(keys.get('users')).toEqual([expect.objectContaining({ lock_passwd: true })]);
    expect(JSON.stringify(keys.get('users'))).not.toContain('"passwd"');
    expect(keys.get('ssh_pwauth')).toBe(false);
    expect(keys.has('bootcmd')).toBe(false);
  });

  it('reports boot and ready on the port without waiting for a listener', () => {
    const keys = keysOf(fileOf(INPUT, 'user-data'));
    expect(JSON.stringify(keys.get('bootcmd'))).toContain('\\"phase\\":\\"boot\\"');
    expect(JSON.stringify(keys.get('runcmd'))).toContain('\\"phase\\":\\"ready\\"');
    const [[program, ...args]] = JSON.parse(JSON.stringify(keys.get('bootcmd')));
    // It throws when it had to be ended.
    expect(execFileSync(program, args, { timeout: 20_000, encoding: 'utf8' })).toBe('');
  });

  it.each<[string, Partial<NoCloudInput>]>([
    ['a host name with a line break', { hostname: 'a\nruncmd: [reboot]' }],
    ['a host name with a quote', { hostname: 'a"b' }],
    ['an empty host name', { hostname: '' }],
    ['a host name of 64 characters', { hostname: 'x'.repeat(64) }],
    ['a user with a colon', { user: 'a:b' }],
    ['the user root', { user: 'root' }],
    ['a user in capitals', { user: 'Ada' }],
    ['a plain password for a hash', { passwordHash: 'secret' }],
    ['a hash with a line break', { passwordHash: '$6$a$b\nc' }],
    ['a key of two lines', { sshKeys: ['ssh-ed25519 A\nssh-ed25519 B'] }],
    ['an empty key', { sshKeys: [' '] }],
    ['a port with a shell character', { progressPort: 'a;reboot' }],
    ['a MAC address that is none', { network: { mac: 'eth0' } }],
    ['an empty instance id', { instanceId: '' }],
  ])('refuses %s', (_, change) => {
    expect(() => buildNoCloudFiles({ ...INPUT, ...change })).toThrow(
      expect.objectContaining({ code: 'seed_invalid_input' }),
    );
  });

  it.skipIf(!HAVE_YAML)('survives a YAML parser with hostile keys and ids', () => {
    const input = { ...INPUT, sshKeys: HOSTILE_KEYS, instanceId: `i": [\u2028 # \u{1f511}` };
    const parse = (document: string): unknown =>
      JSON.parse(
        execFileSync(
          PYTHON,
          [
            '-c',
            'import sys, json, yaml; print(json.dumps(yaml.safe_load(sys.stdin.buffer.read().decode())))',
          ],
          {
            input: document,
            encoding: 'utf8',
          },
        ),
      );
    expect(parse(fileOf(input, 'user-data'))).toMatchObject({
      users: [{ ssh_authorized_keys: HOSTILE_KEYS }],
    });
    expect(parse(fileOf(input, 'meta-data'))).toEqual({
      'instance-id': input.instanceId,
      'local-hostname': 'ada',
    });
  });
});

describe('cloud-init itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-seed-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!findInPath('cloud-init'))('finds the user-data valid', () => {
    const path = join(folder, 'user-data');
    writeFileSync(path, fileOf({ ...INPUT, sshKeys: HOSTILE_KEYS }, 'user-data'));
    const said = execFileSync('cloud-init', ['schema', '-c', path], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(said).toContain('Valid');
  });
});

describe('buildNoCloudSeed', () => {
  it('is an ISO image labelled cidata', () => {
    const seed = buildNoCloudSeed(INPUT);
    expect(seed.toString('latin1', 16 * 2048 + 40, 16 * 2048 + 46)).toBe('cidata');
    expect(seed.length).toBeLessThan(100 * 1024);
  });
});
