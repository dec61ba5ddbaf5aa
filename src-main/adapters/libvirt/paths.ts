import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this process finds what the daemon calls `from`, when the daemon lives in another mount namespace. */
export interface PathMapping {
  readonly from: string;
  readonly to: string;
}

/** A path as the daemon says it, as this process can open it. The longest prefix wins. */
export function mapDaemonPath(path: string, mappings: readonly PathMapping[]): string {
  const fitting = mappings
    .map(({ from, to }) => ({ from: trimSlashes(from), to: trimSlashes(to) }))
    .filter(({ from }) => path === from || path.startsWith(`${from}/`))
    .sort((a, b) => b.from.length - a.from.length)[0];
  return fitting === undefined ? path : fitting.to + path.slice(fitting.from.length);
}

const trimSlashes = (path: string): string => path.replace(/\/+$/, '');

/** Where libvirt itself puts images: system-wide, or in the data folder of the user. */
export function imageFolder(scope: 'system' | 'session', env: NodeJS.ProcessEnv): string {
  if (scope === 'system') return '/var/lib/libvirt/images';
  const home = env['HOME'] || homedir();
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'libvirt', 'images');
}
