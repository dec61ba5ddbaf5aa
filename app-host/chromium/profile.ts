import { mkdirSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HostError } from '../host-error.ts';
import { commandOf, parentOf } from '../process-facts.ts';

/** A Chromium whose host was killed ends by itself in less; then it is ended. */
const orphanPatience = 2_000;
const killPatience = 5_000;
const pollInterval = 20;
/** A younger spare profile may belong to a Chromium that has not locked it yet. */
const spareAge = 60_000;

/**
 * Takes a profile folder below `userData`. The first is `chromium-host`; another one is only needed while the app runs
 * twice on the same data. Waits for a Chromium that a killed host has left on it.
 * @throws HostError `chromium_failed`
 */
export async function takeProfile(userData: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const profile = profilePath(userData, n);
    if (isProfileInUse(profile)) continue;
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    if (lockOwner(profile) !== null) await outlive(profile);
    return profile;
  }
}

/** Removes the profiles besides the first that nobody uses any more. */
export async function removeSpareProfiles(userData: string): Promise<void> {
  for (const name of readdirSync(userData)) {
    if (!/^chromium-host-\d+$/.test(name)) continue;
    const profile = join(userData, name);
    const age = Date.now() - statSync(profile).mtimeMs;
    if (age < spareAge || lockOwner(profile) !== null) continue;
    await rm(profile, { recursive: true, force: true });
  }
}

export function profilePath(userData: string, n = 1): string {
  return join(userData, n === 1 ? 'chromium-host' : `chromium-host-${n}`);
}

/** Whether a Chromium runs on the profile whose host lives. */
export function isProfileInUse(profile: string): boolean {
  for (let pid = lockOwner(profile); pid !== null && pid > 1; pid = parentOf(pid)) {
    if (commandOf(pid).some((argument) => argument.endsWith('app-host/boot.mjs'))) return true;
  }
  return false;
}

/** Process of the Chromium that runs on the profile. Its own lock is a symbolic link to `<host>-<pid>`. */
function lockOwner(profile: string): number | null {
  try {
    const pid = Number(readlinkSync(join(profile, 'SingletonLock')).split('-').at(-1));
    return commandOf(pid).includes(`--user-data-dir=${profile}`) ? pid : null;
  } catch {
    return null;
  }
}

async function outlive(profile: string): Promise<void> {
  const started = Date.now();
  for (;;) {
    const pid = lockOwner(profile);
    if (pid === null) return;
    const waited = Date.now() - started;
    if (waited > killPatience) {
      throw new HostError('chromium_failed', `Chromium (process ${pid}) keeps ${profile}`);
    }
    if (waited > orphanPatience) end(pid);
    await delay(pollInterval);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
