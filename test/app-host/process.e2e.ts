import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromiumOf, expect, fixtureFolder, temporaryIn, test } from './fixture-app.ts';

const program = resolve(import.meta.dirname, '../../app-host/electron');

interface Run {
  child: ChildProcess;
  /** The last ones may come after the exit. */
  lines: string[];
  exit: Promise<number | null>;
}

const runs: Run[] = [];

test.afterEach(async () => {
  for (const { child, exit } of runs.splice(0)) {
    child.kill('SIGKILL');
    await exit;
  }
});

/** Runs the host without Playwright, as a user does. */
function run(home: string, env: Record<string, string> = {}): Run {
  const child = spawn(
    program,
    [fixtureFolder, `--user-data-dir=${join(home, 'profile')}`, '--mine'],
    {
      env: { ...process.env, ...temporaryIn(home), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => lines.push(line));
  }
  const exit = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  runs.push({ child, lines, exit });
  return { child, lines, exit };
}

function isAlive(pid: number): boolean {
  return pid > 0 && existsSync(`/proc/${pid}`);
}

/** Waits until the app runs and Chromium has its profile; gives Chromium's process. */
async function started({ lines }: Run, home: string): Promise<number> {
  const browser = () => {
    try {
      const lock = readlinkSync(join(home, 'profile/chromium-host/SingletonLock'));
      return Number(lock.split('-').at(-1));
    } catch {
      return 0;
    }
  };
  await expect
    .poll(() => lines.includes('started') && isAlive(browser()), { timeout: 30_000 })
    .toBe(true);
  return browser();
}

test('ends on SIGTERM as after quit', async ({ home }) => {
  const host = run(home);
  await started(host, home);
  host.child.kill('SIGTERM');
  expect(await host.exit).toBe(0);
  await expect.poll(() => host.lines).toContain('will-quit');
  // Chromium's helpers end when they see that it has.
  await expect.poll(() => chromiumOf(home)).toEqual([]);
});

test('leaves no Chromium behind when it is killed', async ({ home }) => {
  const host = run(home);
  await started(host, home);
  expect(chromiumOf(home).length).toBeGreaterThan(0);
  host.child.kill('SIGKILL');
  await host.exit;
  await expect.poll(() => chromiumOf(home), { timeout: 30_000 }).toEqual([]);
});

test('listens nowhere', async ({ home }) => {
  const host = run(home);
  const browser = await started(host, home);
  const sockets = execFileSync('ss', ['-ltnpH'], { encoding: 'utf8' });
  expect(sockets).not.toContain(`pid=${browser},`);
  expect(sockets).not.toContain(`pid=${host.child.pid},`);
});

test('hands a second instance over to the first', async ({ home }) => {
  const env = { FIXTURE_SINGLE: '1' };
  const first = run(home, env);
  await started(first, home);
  const second = run(home, env);
  expect(await second.exit).toBe(0);
  await expect.poll(() => second.lines).toContain('not the first instance');
  const told = () => first.lines.find((line) => line.startsWith('second-instance '));
  await expect.poll(told).toBeTruthy();
  const { argv, data } = JSON.parse(told()?.slice('second-instance '.length) ?? '{}');
  expect(argv).toEqual([
    program,
    fixtureFolder,
    `--user-data-dir=${join(home, 'profile')}`,
    '--mine',
  ]);
  expect(data).toEqual({ from: second.child.pid });
});

test('takes the place of an instance that was killed', async ({ home }) => {
  const env = { FIXTURE_SINGLE: '1' };
  const first = run(home, env);
  await started(first, home);
  first.child.kill('SIGKILL');
  await first.exit;
  const second = run(home, env);
  await started(second, home);
  expect(second.lines).not.toContain('not the first instance');
  // Nothing of the first is left, and there is no second profile.
  const names = (folder: string) => readdirSync(folder).sort();
  expect(names(join(home, 'profile')).filter((name) => name.startsWith('chromium-host'))).toEqual([
    'chromium-host',
  ]);
  const runtimeFolders = names(home).filter((name) => name.startsWith('app-host-'));
  expect(runtimeFolders.length).toBe(1);
  expect(runtimeFolders[0]).toContain(`-${second.child.pid}-`);
});

test('leaves no temporary file behind', async ({ home }) => {
  const host = run(home, { FIXTURE_SINGLE: '1' });
  await started(host, home);
  expect(readdirSync(home).length).toBeGreaterThan(1);
  host.child.kill('SIGTERM');
  await host.exit;
  expect(readdirSync(home)).toEqual(['profile']);
});

test('says what is missing', async ({ home }) => {
  const noApp = spawn(program, [join(home, 'nothing')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  noApp.stderr.on('data', (chunk) => {
    text += chunk;
  });
  expect(await new Promise((done) => noApp.once('close', done))).toBe(1);
  expect(text).toContain('Unable to find Electron app at');
  const { lines, exit } = run(home, { APP_HOST_CHROMIUM: '/nonexistent' });
  expect(await exit).toBe(1);
  await expect.poll(() => lines).toContain('APP_HOST_CHROMIUM is not executable: /nonexistent');
});
