import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Actor } from '../../core/domain/permissions.ts';

const GETENT_TIMEOUT_MS = 3000;

/** Files of user and group names, see passwd(5) and group(5). */
export interface AccountFiles {
  passwd: string;
  group: string;
}

export const SYSTEM_ACCOUNTS: AccountFiles = { passwd: '/etc/passwd', group: '/etc/group' };

/** Group ids without a name here, such as of a directory service, give no role. */
export function readActor(files: AccountFiles, gids = process.getgroups?.() ?? []): Actor {
  const uid = process.geteuid?.() ?? -1;
  const own = new Set([...gids, process.getegid?.() ?? -1]);
  const groups = readEntries(files.group).filter(([, id]) => own.has(id));
  return { user: currentUser(uid), uid, groups: groups.map(([name]) => name) };
}

/** Looks into the file first, then asks the name services for accounts that are kept elsewhere. */
export async function hasAccount(
  files: AccountFiles,
  kind: 'user' | 'group',
  name: string,
): Promise<boolean> {
  // Neither a number nor an option: getent(1) would take the first for an id.
  if (!/^[a-zA-Z_][a-zA-Z0-9_.@\\ -]*\$?$/.test(name)) return false;
  const database = kind === 'user' ? 'passwd' : 'group';
  if (readEntries(files[database]).some(([known]) => known === name)) return true;
  return askNameServices(database, name);
}

function currentUser(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
}

/** Names and ids; both files have them in their first and third field. */
function readEntries(path: string): [name: string, id: number][] {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return content.split('\n').flatMap((line): [string, number][] => {
    const [name, , id] = line.split(':');
    return name && id && /^\d+$/.test(id) ? [[name, Number(id)]] : [];
  });
}

function askNameServices(database: string, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: GETENT_TIMEOUT_MS, killSignal: 'SIGKILL' } as const;
    execFile('getent', ['--', database, name], options, (error) => {
      resolve(error === null);
    });
  });
}
