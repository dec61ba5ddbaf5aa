import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PRIVATE_STATE, SHARED_STATE, type StateModes } from '../core/ports/state-modes.ts';

/** Where this installation keeps its state; see the XDG base directory specification. */
export interface Paths {
  database: string;
  backups: string;
  key: string;
  /** Files of the app host: its profile and the instance lock. */
  profile: string;
  windowSizes: string;
  logs: string;
  cache: string;
}

type Env = Record<string, string | undefined>;

const SET_GROUP_ID = 0o2000;
const GROUP_WRITES = 0o020;

/** A folder whose group may write, and hands itself on to what is made inside. */
function isShared(folder: string): boolean {
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & SET_GROUP_ID) !== 0 && (mode & GROUP_WRITES) !== 0;
}

export const stateModes = (paths: Paths): StateModes =>
  isShared(dirname(paths.database)) ? SHARED_STATE : PRIVATE_STATE;

/**
 * `BERTH_HOME` moves everything; else the XDG folders. Of a home that is shared only what all have in common is used:
 * logs, caches and the windows' places stay each person's own.
 */
export function resolvePaths(env: Env = process.env, berthHome = env['BERTH_HOME']): Paths {
  const home = berthHome ? resolve(berthHome) : null;
  const own = home !== null && isShared(home) ? null : home;
  const data = home ?? join(env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'berth');
  const state = own ?? join(env['XDG_STATE_HOME'] || join(homedir(), '.local/state'), 'berth');
  return {
    database: join(data, 'berth.db'),
    backups: join(data, 'backups'),
    key: join(data, 'secrets.key'),
    profile: join(state, 'profile'),
    windowSizes: join(state, 'windows.json'),
    logs: join(state, 'logs'),
    cache:
      own === null
        ? join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'berth')
        : join(own, 'cache'),
  };
}

/** The folder `resources` of this installation: beside the sources, and beside the bundles. */
export function findResources(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'resources');
    if (existsSync(join(path, 'guest')) || dirname(folder) === folder) return path;
  }
}

/**
 * `BERTH_DAEMON_PATHS`, `from=to[:from=to]`: where paths that the daemon names are found, when it runs in another
 * mount namespace.
 */
export function parsePathMap(text: string | undefined): { from: string; to: string }[] {
  return (text ?? '')
    .split(':')
    .filter((pair) => pair.includes('='))
    .map((pair) => {
      const at = pair.indexOf('=');
      return { from: pair.slice(0, at), to: pair.slice(at + 1) };
    });
}
