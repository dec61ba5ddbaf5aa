import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

const run = promisify(execFile);
const LIBVIRTD = ['/usr/sbin/libvirtd', '/usr/local/sbin/libvirtd'].find((file) =>
  existsSync(file),
);

/** Why the tests against a real daemon cannot run here; null when they can. */
export const missing: string | null =
  LIBVIRTD === undefined ? 'libvirtd is not installed (Debian: libvirt-daemon)' : null;

if (missing !== null) console.warn(`SKIPPED: tests against a real daemon: ${missing}`);

const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;
/** A session daemon must not run as root, which would make it a system daemon. */
const asUser = isRoot
  ? ['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups']
  : [];

/** A private, unprivileged libvirtd in its own folders. Short paths: a socket's has 107 bytes. */
export class SessionDaemon {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async prepare(): Promise<SessionDaemon> {
    const daemon = new SessionDaemon(await mkdtemp('/tmp/lvt-'));
    for (const name of ['run', 'config', 'cache', 'data', 'home', 'pool']) {
      await mkdir(daemon.path(name), { mode: 0o700 });
      if (isRoot) await chown(daemon.path(name), NOBODY, NOBODY);
    }
    await chmod(daemon.directory, 0o755);
    return daemon;
  }

  static async start(): Promise<SessionDaemon> {
    const daemon = await SessionDaemon.prepare();
    await daemon.start();
    return daemon;
  }

  path(...parts: string[]): string {
    return path.join(this.directory, ...parts);
  }

  get socket(): string {
    return this.path('run/libvirt/libvirt-sock');
  }

  /** The URI with the way to this daemon in it. */
  uri(name: string): string {
    return `${name}?socket=${this.socket}`;
  }

  get env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.path('home'),
      XDG_RUNTIME_DIR: this.path('run'),
      XDG_CONFIG_HOME: this.path('config'),
      XDG_CACHE_HOME: this.path('cache'),
      XDG_DATA_HOME: this.path('data'),
    };
  }

  /** Command and arguments, run as the user whose daemon this is. */
  command(...args: string[]): [string, string[]] {
    const [file = '', ...rest] = [...asUser, ...args];
    return [file, rest];
  }

  async start(): Promise<void> {
    const [file, args] = this.command(LIBVIRTD ?? 'libvirtd', '--daemon', '--timeout=300');
    await run(file, args, { env: this.env, cwd: '/' });
    await until('the daemon listens', () => existsSync(this.socket));
  }

  /** Its process id, or null when it does not run. */
  async pid(): Promise<number | null> {
    const text = await readFile(this.path('run/libvirt/libvirtd.pid'), 'utf8').catch(() => '');
    return readPid(text);
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const pid = await this.pid();
    if (pid === null) return;
    process.kill(pid, signal);
    await until('the daemon is gone', () => !isRunning(pid));
  }

  /**
   * Ends the daemon and all that it has started, and removes its folders. It is not asked first: it would wait for the
   * QEMUs that it asks for their abilities, and what it keeps goes away with it.
   */
  async remove(): Promise<void> {
    // While one looks, a process may hand over to its child and end, as QEMU does to go to the background.
    let quiet = 0;
    await until('nothing of the daemon runs', () => {
      quiet = killAll(`${this.directory}/`) === 0 ? quiet + 1 : 0;
      return quiet === 3;
    });
    // A thread of a process that is gone may still be at its last system call.
    await rm(this.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/**
 * Kills the daemon, its machines, its virtlogd and the QEMUs that it asks for their abilities; answers how many there were.
 * All name its folders: most as an argument, and a fork that has not become QEMU yet in its environment.
 */
function killAll(folders: string): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ours = pids.filter((pid) =>
    ['cmdline', 'environ'].some((file) => readText(`/proc/${pid}/${file}`).includes(folders)),
  );
  for (const pid of ours) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // it ended by itself
    }
  }
  return ours.length;
}

/** Empty when the process is gone, or belongs to somebody else. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readPid(text: string): number | null {
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && isRunning(pid) ? pid : null;
}

function isRunning(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  const text = state.stdout.trim();
  return text !== '' && !text.startsWith('Z');
}
