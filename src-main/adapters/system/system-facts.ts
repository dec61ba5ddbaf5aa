import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { DiskSpace, ProcessIdentity, SystemFacts } from '../../core/ports/system.ts';
import { type AccountFiles, hasAccount, readActor, SYSTEM_ACCOUNTS } from './accounts.ts';
import { createHostNetwork } from './host-network.ts';
import { readPci } from './pci.ts';
import { readSshPublicKeys } from './ssh-public-keys.ts';

/** A file system that does not answer (a dead NFS server) counts as one that cannot be seen. */
const STATFS_TIMEOUT_MS = 3000;

export function createSystem(
  options: { home?: string; accounts?: AccountFiles } = {},
): SystemFacts {
  const accounts = options.accounts ?? SYSTEM_ACCOUNTS;
  const home = options.home ?? homedir();
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const me: ProcessIdentity = {
    pid: process.pid,
    startTime: processStat(process.pid)?.startTime ?? '0',
    bootId,
  };
  return {
    self: () => me,
    isAlive: (identity) => identity.bootId === bootId && isRunning(identity),
    diskSpace: (path) => diskSpace(path),
    availableMemoryBytes,
    userName,
    actor: () => readActor(accounts),
    hasAccount: (kind, name) => hasAccount(accounts, kind, name),
    network: createHostNetwork(),
    pci: () => readPci(),
    sshPublicKeys: () => readSshPublicKeys(join(home, '.ssh')),
  };
}

function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  const stat = processStat(pid);
  // A zombie has ended and only waits to be collected by its parent.
  return stat !== null && stat.startTime === startTime && !['Z', 'X', 'x'].includes(stat.state);
}

/** Fields 3 and 22 of /proc/PID/stat, see proc_pid_stat(5). Field 2 may hold blanks and parentheses. */
function processStat(pid: number): { state: string; startTime: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTime = fields[19];
    return state && startTime ? { state, startTime } : null;
  } catch {
    return null;
  }
}

/** Of a path that does not exist yet: what its nearest existing parent has. */
async function diskSpace(path: string): Promise<DiskSpace | null> {
  try {
    const facts = await withTimeout(statfs(path), STATFS_TIMEOUT_MS);
    return (
      facts && {
        freeBytes: facts.bavail * facts.bsize,
        totalBytes: facts.blocks * facts.bsize,
      }
    );
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing && dirname(path) !== path ? diskSpace(dirname(path)) : null;
  }
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function availableMemoryBytes(): number {
  const match = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A numeric user without an entry in passwd, as in some containers.
    return process.env['USER'] || 'user';
  }
}
