import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  parseAccount,
  parseMember,
  parseNetwork,
  parseQuota,
} from '../../../src-main/cli/department-options.ts';
import { UsageError } from '../../../src-main/cli/usage-error.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const TIMEOUT = 240_000;
const GIB = 1024 ** 3;

type Line = { [key: string]: unknown };

/** Runs the command line against a daemon that is not there; as another user where one is given. */
function berth(home: string, args: string[], user?: { uid: number; gid: number }) {
  return new Promise<{ code: number; lines: Line[] }>((done) => {
    const env = {
      ...process.env,
      HOME: home,
      BERTH_HOME: home,
      BERTH_LIBVIRT_URI: `qemu:///system?socket=${home}/no-socket`,
    };
    execFile(
      process.execPath,
      [join(ROOT, 'src-main/cli.ts'), ...args, '--json'],
      { env, encoding: 'utf8', timeout: TIMEOUT, cwd: ROOT, ...user },
      (error, stdout) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        const lines = stdout.split('\n').filter(Boolean);
        done({ code, lines: lines.map((line): Line => JSON.parse(line)) });
      },
    );
  });
}

describe('departments on the command line', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'berth-departments-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it(
    'are made, listed, changed, shared and deleted by name',
    async () => {
      const made = await berth(home, [
        ...['departments', 'create', 'Lab', '--description', 'Courses'],
        ...['--quota', 'machines=5,memory=16GiB'],
      ]);
      expect(made).toMatchObject({
        code: 0,
        lines: [{ type: 'result', department: { name: 'Lab' } }],
      });
      const changed = await berth(home, [
        ...['departments', 'update', 'lab', '--name', 'Lab 1', '--quota', 'machines=none,vcpus=8'],
      ]);
      expect(changed.lines[0]).toMatchObject({
        department: {
          name: 'Lab 1',
          description: 'Courses',
          quota: { machines: null, vcpus: 8, memoryBytes: 16 * GIB, diskBytes: null, gpus: null },
        },
      });
      const members = await berth(home, [
        ...['departments', 'members', 'Lab 1', '--set', 'group:root=operator'],
        ...['--set', 'user:nobody=viewer', '--remove', 'nobody'],
      ]);
      expect(members.code).toBe(0);
      expect(members.lines).toContainEqual(
        expect.objectContaining({ id: 'group:root', state: 'operator' }),
      );
      expect(members.lines).not.toContainEqual(expect.objectContaining({ name: 'nobody' }));
      const list = await berth(home, ['departments', 'list']);
      expect(list.lines.map(({ name, state }) => [name, state])).toEqual([
        ['Personal', 'owner'],
        ['Lab 1', 'owner'],
      ]);
      const deleted = await berth(home, ['departments', 'delete', 'Lab 1', 'personal']);
      expect(deleted).toMatchObject({
        code: 1,
        lines: [{ department: { state: 'deleted' } }, { error: { code: 'department_personal' } }],
      });
    },
    TIMEOUT,
  );
});

/** Root is owner everywhere, so root becomes somebody else for this. */
const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

describe('a person on the command line', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'berth-departments-'));
    if (somebody) chownSync(home, somebody.uid, somebody.gid);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const change = (sql: string) => {
    const database = new Database(join(home, 'berth.db'));
    database.exec(sql);
    database.close();
  };

  it(
    'owns Personal, and has elsewhere what members have: no more, and never nothing without a word',
    async () => {
      const departments = (...args: string[]) => berth(home, ['departments', ...args], somebody);
      expect(await departments('create', 'Lab')).toMatchObject({ code: 0 });
      change("UPDATE department_members SET role = 'viewer' WHERE department_id <> 'personal'");
      const list = await departments('list');
      expect(list.lines.map(({ name, state }) => [name, state])).toEqual([
        ['Personal', 'owner'],
        ['Lab', 'viewer'],
      ]);
      expect(await departments('update', 'Lab', '--name', 'Mine')).toMatchObject({
        code: 1,
        lines: [{ error: { code: 'forbidden', hint: expect.stringContaining('viewer') } }],
      });
      change("DELETE FROM department_members WHERE department_id <> 'personal'");
      expect((await departments('list')).lines).toHaveLength(1);
      const hidden = await departments('show', 'Lab');
      expect(hidden).toMatchObject({ code: 1, lines: [{ error: { code: 'forbidden' } }] });
    },
    TIMEOUT,
  );
});

describe('options of departments', () => {
  it('read limits, networks and members', () => {
    expect(parseQuota('machines=3, vcpus=none,disk=20GiB,gpus=0')).toEqual({
      machines: 3,
      vcpus: null,
      diskBytes: 20 * GIB,
      gpus: 0,
    });
    expect(parseNetwork('isolated')).toMatchObject({ kind: 'own', mode: 'isolated' });
    expect(parseNetwork('br0')).toEqual({ kind: 'existing', name: 'br0' });
    expect(parseMember('ada=manager')).toEqual({ kind: 'user', name: 'ada', role: 'manager' });
    expect(parseAccount('group:lab')).toEqual({ kind: 'group', name: 'lab' });
  });

  it.each([
    () => parseQuota('cpus=3'),
    () => parseQuota('vcpus=-1'),
    () => parseQuota('memory=lots'),
    () => parseMember('ada'),
    () => parseMember('ada=boss'),
    () => parseMember('host:ada=viewer'),
    () => parseAccount(''),
    () => parseNetwork(''),
  ])('refuse what they cannot read: %s', (parse) => {
    expect(parse).toThrow(UsageError);
  });
});
