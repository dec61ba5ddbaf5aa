import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PathAccess } from '../../core/ports/path-access.ts';

export interface PathAccessFiles {
  passwd: string;
  group: string;
  /** See apparmor(7) and selinux(8). */
  apparmor: string;
  selinux: string;
}

export const SYSTEM_FILES: PathAccessFiles = {
  passwd: '/etc/passwd',
  group: '/etc/group',
  apparmor: '/sys/module/apparmor/parameters/enabled',
  selinux: '/sys/fs/selinux/enforce',
};

/** Debian's and Ubuntu's packages have the first, Fedora's and openSUSE's the second. */
const QEMU_USERS = ['libvirt-qemu', 'qemu'];

interface Account {
  user: string;
  uid: number;
  gids: number[];
}

export function pathAccess(files: PathAccessFiles = SYSTEM_FILES): PathAccess {
  return {
    blockedAt: async (path, scope) => {
      const account = scope === 'session' ? ownAccount() : await qemuAccount(files);
      if (account === null || account.uid === 0) return null;
      for (const folder of parents(path)) {
        const found = await stat(folder).catch(() => null);
        // What is not there is made by libvirt, with a mode that fits.
        if (found === null) return null;
        if (!canSearch(found, account)) return { folder, user: account.user };
      }
      return null;
    },
    confinement: async () => {
      if ((await readText(files.apparmor)).startsWith('Y')) return 'apparmor';
      return (await readText(files.selinux)).startsWith('1') ? 'selinux' : null;
    },
  };
}

/** From the root down to the folder itself. */
function parents(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...parents(above), path];
}

const SEARCH = { user: 0o100, group: 0o010, others: 0o001 };

/** The class that fits first decides alone, see path_resolution(7). */
function canSearch(
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
  account: Account,
): boolean {
  if (uid === account.uid) return (mode & SEARCH.user) !== 0;
  if (account.gids.includes(gid)) return (mode & SEARCH.group) !== 0;
  return (mode & SEARCH.others) !== 0;
}

function ownAccount(): Account {
  const uid = process.geteuid?.() ?? 0;
  return { user: 'you', uid, gids: [process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])] };
}

async function qemuAccount(files: PathAccessFiles): Promise<Account | null> {
  const users = (await readText(files.passwd)).split('\n').map((line) => line.split(':'));
  const entry = QEMU_USERS.flatMap((name) => users.filter(([user]) => user === name))[0];
  const [user, , uid, gid] = entry ?? [];
  if (user === undefined || uid === undefined) return null;
  const groups = (await readText(files.group)).split('\n').map((line) => line.split(':'));
  const others = groups.flatMap(([, , id, members = '']) =>
    id !== undefined && members.split(',').includes(user) ? [Number(id)] : [],
  );
  return { user, uid: Number(uid), gids: [Number(gid), ...others] };
}

const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
