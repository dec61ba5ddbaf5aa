import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, fixtureFolder, test } from './fixture-app.ts';

const program = resolve(import.meta.dirname, '../../app-host/electron');

interface Run {
  child: ChildProcess;
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
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n')));
  }
  const exit = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  runs.push({ child, lines, exit });
  return { child, lines, exit };
}

/** Chromium's processes on this profile, read from /proc. */
function chromiumOf(home: string): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(join(home, 'profile/chromium-host')) && !command.includes('boot.mjs');
    } catch {
      return false;
    }
  });
}

function isAlive(pid: number): boolean {
  return pid > 0 && existsSync(`/proc/${pid}`);
}

/** Waits until the app runs and Chromium has its profile; gives Chromium's process. */
async function started({ lines }: Run, home: string): Promise<number> {
  // The Chromium of a killed instance may still be closing its profile; the next one then takes another.
  const browser = () => ['chromium-host-2', 'chromium-host'].map(lockOwner).find(isAlive) ?? 0;
  const lockOwner = (profile: string) => {
    try {
      const lock = readlinkSync(join(home, 'profile', profile, 'SingletonLock'));
      return Number(lock.split('-').at(-1));
    } catch {
      return 0;
    }
  };
  await expect
    .poll(() => lines.includes('started') && browser() > 0, { timeout: 30_000 })
    .toBe(true);
  return browser();
}

test('ends on SIGTERM as after quit', async ({ home }) => {
  const host = run(home);
  await started(host, home);
  host.child.kill('SIGTERM');
  expect(await host.exit).toBe(0);
  expect(host.lines).toContain('will-quit');
  expect(chromiumOf(home)).toEqual([]);
});

test('leaves no Chromium behind when it is killed', async ({ home }) => {
  const host = run(home);
  await started(host, home);
  expect(chromiumOf(home).length).toBeGreaterThan(0);
  host.child.kill('SIGKILL');
  await host.exit;
  await expect.poll(() => chromiumOf(home), { timeout: 10_000 }).toEqual([]);
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
  expect(second.lines).toContain('not the first instance');
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
  expect(lines).toContain('APP_HOST_CHROMIUM is not executable: /nonexistent');
});
