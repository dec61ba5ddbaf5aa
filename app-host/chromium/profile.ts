import { mkdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A profile folder below `userData` that no running browser uses. The first is `chromium-host`; another one is only
 * needed when the app runs twice on the same data.
 */
export function freeProfile(userData: string): string {
  for (let n = 1; ; n += 1) {
    const profile = profilePath(userData, n);
    if (isProfileBusy(profile)) continue;
    mkdirSync(profile, { recursive: true, mode: 0o700 });
    return profile;
  }
}

export function profilePath(userData: string, n = 1): string {
  return join(userData, n === 1 ? 'chromium-host' : `chromium-host-${n}`);
}

/** Chromium's own lock: a symbolic link to `<host>-<pid>`. */
export function isProfileBusy(profile: string): boolean {
  try {
    const pid = Number(readlinkSync(join(profile, 'SingletonLock')).split('-').at(-1));
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
