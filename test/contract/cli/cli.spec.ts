import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');
const TIMEOUT = 180_000;

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'berth-cli-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  lines: { [key: string]: unknown }[];
}

/** Runs the command line from its sources against a daemon that is not there. */
function berth(args: string[], stdin = ''): Promise<Ended> {
  return new Promise((done) => {
    const env = {
      ...process.env,
      BERTH_HOME: home,
      BERTH_LIBVIRT_URI: `qemu:///system?socket=${home}/no-socket`,
    };
    const child = execFile(
      process.execPath,
      [join(ROOT, 'src-main/cli.ts'), ...args],
      { env, encoding: 'utf8', timeout: TIMEOUT },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        const lines = args.includes('--json')
          ? stdout
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line))
          : [];
        done({ code, stdout, stderr, lines });
      },
    );
    // One that ends before it has read everything tells so by its end.
    child.stdin?.on('error', () => undefined).end(stdin);
  });
}

describe('the command line', () => {
  it.each([
    [[]],
    [['no-such-command']],
    [['create', '--template', 'tryout']],
    [['list', '--no-such-option']],
    [['show']],
    [['creations']],
    [['resize', 'web', '--set', 'foo=1']],
    [['stop', 'web', '--force-after', 'soon']],
  ])(
    'exits with 2 on wrong usage: %o',
    async (args) => {
      const { code, stdout, stderr } = await berth(args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).not.toBe('');
      expect(stderr).not.toContain('    at ');
    },
    TIMEOUT,
  );

  it(
    'shows its help without a database',
    async () => {
      const { code, stdout } = await berth(['help', 'create']);
      expect(code).toBe(0);
      expect(stdout).toContain('--password-stdin');
      expect(existsSync(join(home, 'berth.db'))).toBe(false);
    },
    TIMEOUT,
  );

  it(
    'lists templates without libvirt, as JSON lines with id, name and state',
    async () => {
      const { code, lines } = await berth(['templates', 'list', '--json']);
      expect(code).toBe(0);
      expect(lines.map(({ id, state }) => [id, state])).toContainEqual(['tryout', 'active']);
      const shown = await berth(['templates', 'show', 'tryout', '--json']);
      expect(shown.lines).toEqual(lines.filter(({ id }) => id === 'tryout'));
    },
    TIMEOUT,
  );

  it(
    'exits with 1 and a last line with the error when libvirt is not there',
    async () => {
      for (const args of [
        ['list'],
        ['create', '--template', 'tryout', '--name', 'a'],
        ['recover'],
      ]) {
        const { code, lines } = await berth([...args, '--json']);
        expect(code).toBe(1);
        expect(lines.at(-1)).toMatchObject({
          type: 'error',
          error: {
            code: 'libvirt_unreachable',
            message: expect.any(String),
            hint: expect.any(String),
          },
        });
      }
    },
    TIMEOUT,
  );

  it(
    'keeps standard output for results: text errors go to standard error',
    async () => {
      const { code, stdout, stderr } = await berth(['templates', 'show', 'nope']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('[template_missing]');
      expect(stderr).toContain('hint:');
    },
    TIMEOUT,
  );

  it(
    'examines a host without libvirt',
    async () => {
      const { code, lines } = await berth(['doctor', '--json']);
      expect(code).toBe(1);
      expect(lines[0]).toMatchObject({ id: 'libvirt', state: 'error' });
      expect(lines.at(-1)).toMatchObject({ type: 'error', error: { code: 'libvirt' } });
    },
    TIMEOUT,
  );

  it(
    'says how to go on with a damaged database, and does it',
    async () => {
      await berth(['media', 'list']);
      writeFileSync(join(home, 'berth.db'), 'x'.repeat(8192));
      const failed = await berth(['media', 'list', '--json']);
      expect(failed.code).toBe(1);
      expect(failed.lines.at(-1)).toMatchObject({ error: { code: 'database_damaged' } });
      expect(JSON.stringify(failed.lines.at(-1))).toContain('berth recover --database');
      const restored = await berth(['recover', '--database', '--json']);
      expect(restored.lines.at(-1)).toMatchObject({ type: 'result' });
      expect(restored.code).toBe(0);
      expect((await berth(['media', 'list'])).code).toBe(0);
    },
    TIMEOUT,
  );
});
