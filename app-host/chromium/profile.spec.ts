import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProfileInUse, profilePath, removeSpareProfiles, takeProfile } from './profile.ts';

let folder = '';
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'app-host-spec-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

/** A process whose arguments are those of Chromium, or of a host that starts one, and which ends by itself or not. */
function run(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', ...args]);
  children.push(child);
  return child;
}

/** Locks a profile as the Chromium with that process number does. */
function lock(profile: string, pid: number | undefined): void {
  mkdirSync(profile, { recursive: true });
  symlinkSync(`host-${pid}`, join(profile, 'SingletonLock'));
}

describe('a profile', () => {
  it('is the first while nobody uses it', async () => {
    expect(await takeProfile(folder)).toBe(profilePath(folder));
    lock(profilePath(folder), 4194304999);
    expect(await takeProfile(folder)).toBe(profilePath(folder));
  });

  it('is not taken for locked by another program with that number', async () => {
    lock(profilePath(folder), process.pid);
    expect(isProfileInUse(profilePath(folder))).toBe(false);
    expect(await takeProfile(folder)).toBe(profilePath(folder));
  });

  it('is left to the Chromium of a host that lives', async () => {
    const profile = profilePath(folder);
    const code = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)',
      '--', '--user-data-dir=${profile}'], { stdio: 'inherit' })
      .once('spawn', function () { console.log(this.pid) })`;
    const host = spawn(process.execPath, ['-e', code, '--', '/somewhere/app-host/boot.mjs']);
    children.push(host);
    const [text] = await once(host.stdout, 'data');
    lock(profile, Number(text));
    expect(isProfileInUse(profile)).toBe(true);
    expect(await takeProfile(folder)).toBe(profilePath(folder, 2));
    process.kill(Number(text), 'SIGKILL');
  });

  it('is taken from a Chromium without a host', async () => {
    const profile = profilePath(folder);
    const orphan = run(`--user-data-dir=${profile}`);
    lock(profile, orphan.pid);
    const gone = once(orphan, 'exit');
    expect(await takeProfile(folder)).toBe(profile);
    await gone;
  });

  it('goes when it is a spare one and old', async () => {
    const [first, second, third] = [1, 2, 3].map((n) => profilePath(folder, n));
    const used = run(`--user-data-dir=${third}`);
    for (const profile of [first, second, third]) mkdirSync(`${profile}`);
    lock(`${third}`, used.pid);
    for (const profile of [first, second, third]) utimesSync(`${profile}`, 0, 0);
    mkdirSync(profilePath(folder, 4));
    await removeSpareProfiles(folder);
    expect([1, 2, 3, 4].map((n) => existsSync(profilePath(folder, n)))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });
});
