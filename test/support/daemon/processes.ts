import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type ProcessInfo = {
  readonly pid: number;
  readonly parent: number;
  /** First 15 characters of the program's name. */
  readonly name: string;
  readonly commandLine: string;
  /** Identity of its PID namespace; empty when it may not be read. */
  readonly pidNamespace: string;
};

function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = stat.lastIndexOf(')');
    const [state, parent] = stat.slice(close + 2).split(' ');
    if (state === 'Z') return undefined;
    return {
      pid,
      parent: Number(parent),
      name: stat.slice(stat.indexOf('(') + 1, close),
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
      pidNamespace: readlinkSync(`/proc/${pid}/ns/pid`),
    };
  } catch {
    return undefined; // it ended meanwhile, or is a kernel thread
  }
}

/** Every living process that this user can see into. */
export function listProcesses(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((found) => found !== undefined);
}

/** Sends SIGKILL and answers whether there was somebody to send it to. */
export function killHard(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
