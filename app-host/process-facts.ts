import { readFileSync } from 'node:fs';

/**
 * Tells a process from a later one that got its number: `<pid>-<start>`, the start in clock ticks since boot, both in
 * decimal. Null when there is no such process.
 */
export function identityOf(pid: number): string | null {
  const start = statOf(pid)?.[19];
  return start === undefined ? null : `${pid}-${start}`;
}

/** Whether the process that `identity` names still runs. */
export function isAlive(identity: string): boolean {
  return identityOf(Number(identity.split('-')[0])) === identity;
}

export function parentOf(pid: number): number | null {
  const parent = Number(statOf(pid)?.[1]);
  return parent > 0 ? parent : null;
}

/** The process's arguments; none when it has gone. */
export function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** The fields of `/proc/<pid>/stat` from `state` on, unless the process has ended. Source: proc_pid_stat(5). */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it is in parentheses, and may contain blanks and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields;
  } catch {
    return null;
  }
}
