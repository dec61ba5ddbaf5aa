import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const TIMEOUT = 240_000;
/** Accounts and a group that every Linux has. */
const ADA = { uid: 65_534, name: 'nobody' };
const BOB = { uid: 1, name: 'daemon' };
const GROUP = 100;

type Line = { [key: string]: unknown };

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('SKIPPED: a home of two users: only root can be both');

describe.skipIf(!isRoot)('a home that two people share', () => {
  let folder = '';
  let home = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'berth-shared-'));
    chmodSync(folder, 0o755);
    home = join(folder, 'home');
    mkdirSync(home);
    chownSync(home, 0, GROUP);
    chmodSync(home, 0o2770);
    for (const { uid, name } of [ADA, BOB]) {
      mkdirSync(join(folder, name), { mode: 0o700 });
      chownSync(join(folder, name), uid, uid);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

  function berth(person: typeof ADA, ...args: string[]) {
    return new Promise<{ code: number; lines: Line[] }>((done) => {
      const env = {
        PATH: process.env['PATH'],
        HOME: join(folder, person.name),
        BERTH_HOME: home,
        BERTH_LIBVIRT_URI: `qemu:///system?socket=${home}/no-socket`,
      };
      // An umask that would keep the group out.
      const program = `umask 077; exec "$0" "$@"`;
      execFile(
        'sh',
        ['-c', program, process.execPath, join(ROOT, 'src-main/cli.ts'), ...args, '--json'],
        { env, timeout: TIMEOUT, cwd: ROOT, uid: person.uid, gid: GROUP },
        (error, stdout) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          const lines = stdout.split('\n').filter(Boolean);
          done({ code, lines: lines.map((line): Line => JSON.parse(line)) });
        },
      );
    });
  }

  it(
    'is one library, in which each has a role',
    async () => {
      expect(await berth(ADA, 'departments', 'create', 'Lab')).toMatchObject({ code: 0 });
      expect((await berth(BOB, 'departments', 'list')).lines).toEqual([]);
      const invited = await berth(
        ADA,
        ...['departments', 'members', 'Lab', '--set', `user:${BOB.name}=viewer`],
      );
      expect(invited.code).toBe(0);
      expect((await berth(BOB, 'departments', 'list')).lines).toMatchObject([
        { name: 'Lab', state: 'viewer' },
      ]);
      expect(await berth(BOB, 'departments', 'update', 'Lab', '--name', 'Mine')).toMatchObject({
        code: 1,
        lines: [{ error: { code: 'forbidden' } }],
      });
      expect((await berth(ADA, 'audit')).lines).toContainEqual(
        expect.objectContaining({ actor: BOB.name, outcome: 'forbidden' }),
      );
    },
    TIMEOUT,
  );

  it('belongs to their group and to nobody else', () => {
    const entries = readdirSync(home, { recursive: true, encoding: 'utf8' });
    expect(entries).toEqual(expect.arrayContaining(['berth.db', 'secrets.key']));
    for (const entry of entries) {
      const { gid, mode } = statSync(join(home, entry));
      expect([entry, gid, mode & 0o007, mode & 0o060]).toEqual([entry, GROUP, 0, 0o060]);
    }
  });

  it('keeps logs and caches with each person', () => {
    expect(readdirSync(home).filter((name) => /^(logs|cache|profile)/.test(name))).toEqual([]);
    for (const { name, uid } of [ADA, BOB]) {
      expect(statSync(join(folder, name, '.cache/berth')).uid).toBe(uid);
    }
  });
});
