/** What the two kinds of test daemon have in common: a folder, a supervisor, one libvirtd that can be killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { listDefined, listOwnedFiles, type Outside, subtractBaseline } from './outside.ts';
import { killHard, listProcesses, type ProcessInfo } from './processes.ts';
import { type ProgramResult, runProgram } from './run-program.ts';
import { waitUntil } from './wait-until.ts';

export type TestDaemon = {
  /** For libvirt clients, and for `BERTH_LIBVIRT_URI`. */
  readonly uri: string;
  readonly socketPath: string;
  /** The folder that holds everything of this daemon; it goes away with {@link TestDaemon.stop}. */
  readonly dir: string;
  /** An empty folder with the same path inside and outside, for a directory pool. */
  readonly poolDir: string;
  /** SIGKILL to libvirtd alone; guests go on. */
  kill(): Promise<void>;
  /** Ends libvirtd if it runs (guests go on) and starts it again. */
  restart(): Promise<void>;
  /** Ends libvirtd and all guests and removes the folder. */
  stop(): Promise<void>;
  /** Everything that exists now and did not exist right after the start. */
  listOutside(): Promise<Outside>;
  /** Runs a program in the daemon's namespaces (its network, its /var/lib/libvirt) or, for a session daemon, as its user. */
  exec(command: string, ...args: string[]): Promise<ProgramResult>;
  /** virsh's output; throws when virsh fails. */
  virsh(...args: string[]): Promise<string>;
  /** Where a path that the daemon and its guests use is found from outside. */
  outerPath(innerPath: string): string;
  /** Libvirtd's own messages, for a failure report. */
  log(): string;
};

export type World = {
  readonly dir: string;
  readonly poolDir: string;
  readonly uri: string;
  readonly socketPath: string;
  /** Folder of libvirt's cached QEMU capabilities inside `dir`, and the name under which it is kept between runs. */
  readonly capabilities: { readonly folder: string; readonly kind: string };
  readonly supervisor: ChildProcess;
  readonly libvirtd: { readonly command: string; readonly args: readonly string[] };
  readonly logFile: string;
  isMember(found: ProcessInfo): boolean;
  wrap(command: string, args: readonly string[]): readonly [string, readonly string[]];
  outerPath(innerPath: string): string;
  /** Answers true once libvirtd has started what it starts by itself. */
  isSettled(): boolean;
  cleanUp(): Promise<void>;
};

const CACHE = join(import.meta.dirname, '../../../.cache/libvirt-capabilities');
/** Only to end what hangs: on a busy host libvirtd takes its time to come and to go. */
const TIMEOUT_MS = 60_000;

/** See statfs(2). */
const TMPFS_MAGIC = 0x01021994;

/**
 * A short path, as QEMU's monitor sockets may have at most 107 characters; on a disk, as a file system in memory has
 * no room for the disks of ordinary machines.
 */
export function makeDaemonFolder(): string {
  const inMemory = statfsSync('/tmp').type === TMPFS_MAGIC;
  return mkdtempSync(inMemory ? '/var/tmp/bt-' : '/tmp/bt-');
}

export function seedCapabilities({ capabilities }: Pick<World, 'capabilities'>): void {
  mkdirSync(capabilities.folder, { recursive: true });
  const kept = join(CACHE, capabilities.kind);
  if (existsSync(kept)) cpSync(kept, capabilities.folder, { recursive: true });
}

/** Whole files only: libvirtd may be at one, under another name. */
function keepCapabilities({ capabilities }: World): void {
  if (!existsSync(capabilities.folder)) return;
  const kept = join(CACHE, capabilities.kind);
  mkdirSync(kept, { recursive: true });
  for (const name of readdirSync(capabilities.folder).filter((each) => each.endsWith('.xml'))) {
    const copy = join(kept, `${name}.${process.pid}`);
    copyFileSync(join(capabilities.folder, name), copy);
    renameSync(copy, join(kept, name));
  }
}

/** Starts a supervisor script; its lifeline is its standard input, which the kernel closes when this process dies. */
export async function startSupervisor(
  script: string,
  args: readonly string[],
): Promise<ChildProcess> {
  const child = spawn('bash', [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  await waitUntil('the supervisor', TIMEOUT_MS, () => {
    if (child.exitCode !== null) throw new Error(`The supervisor ended: ${said}`);
    return said.includes('ready');
  });
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    // Neither a living daemon nor its pipes may keep a finished test run alive.
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
  child.unref();
  return child;
}

const accepts = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

const members = (world: World): ProcessInfo[] =>
  listProcesses().filter((found) => world.isMember(found));

/** By its command line, as the daemon gives its main thread other names while it starts. */
const isLibvirtd = (found: ProcessInfo): boolean => /^(\S*\/)?libvirtd /.test(found.commandLine);

async function startLibvirtd(world: World): Promise<void> {
  const output = openSync(join(world.dir, 'libvirtd.out'), 'a');
  const { command, args } = world.libvirtd;
  const child = spawn(command, [...args], { stdio: ['ignore', output, output], detached: true });
  child.unref();
  await waitUntil('libvirtd to answer', TIMEOUT_MS, async () => {
    if (child.exitCode !== null) throw new Error(`libvirtd ended: ${readLog(world)}`);
    return world.isSettled() && (await accepts(world.socketPath));
  });
}

async function endLibvirtd(world: World, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  for (const { pid } of members(world).filter(isLibvirtd)) {
    try {
      process.kill(pid, signal);
    } catch {
      // it ended by itself
    }
  }
  await waitUntil('libvirtd to end', TIMEOUT_MS, () => !members(world).some(isLibvirtd));
}

function readLog(world: World): string {
  return [world.logFile, join(world.dir, 'libvirtd.out')]
    .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
    .join('');
}

async function look(world: World): Promise<Outside> {
  const processes = members(world)
    .filter(
      (found) =>
        !isLibvirtd(found) &&
        found.pid !== world.supervisor.pid &&
        !found.commandLine.endsWith('--version'),
    )
    .map(({ pid, name, commandLine }) => ({ pid, name, commandLine }));
  return { ...(await listDefined(world.uri)), files: listOwnedFiles(world.dir), processes };
}

async function stopWorld(world: World): Promise<void> {
  keepCapabilities(world);
  const { supervisor } = world;
  // One that has ended by itself has closed its side.
  supervisor.stdin?.on('error', () => undefined).end();
  const ended = (): boolean => supervisor.exitCode !== null || supervisor.signalCode !== null;
  await waitUntil('the supervisor to end', TIMEOUT_MS, ended).catch(() =>
    supervisor.kill('SIGKILL'),
  );
  await waitUntil('all processes to end', TIMEOUT_MS, () => {
    const left = members(world);
    for (const { pid } of left) killHard(pid);
    return left.length === 0;
  });
  await world.cleanUp();
  // A thread of a process that is gone may still be at its last system call.
  rmSync(world.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Starts libvirtd in a prepared world and gives the handle that tests use. */
export async function inhabit(world: World): Promise<TestDaemon> {
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopWorld(world));
  try {
    await startLibvirtd(world);
    const baseline = await look(world);
    return {
      uri: world.uri,
      socketPath: world.socketPath,
      dir: world.dir,
      poolDir: world.poolDir,
      kill: () => endLibvirtd(world, 'SIGKILL'),
      restart: async () => {
        await endLibvirtd(world, 'SIGTERM');
        await startLibvirtd(world);
      },
      stop,
      listOutside: async () => subtractBaseline(await look(world), baseline),
      exec: (command, ...args) => runProgram(...world.wrap(command, args)),
      virsh: async (...args) => {
        const { code, stdout, stderr } = await runProgram('virsh', [
          '-q',
          '-c',
          world.uri,
          ...args,
        ]);
        if (code !== 0) throw new Error(`virsh ${args.join(' ')}: ${stderr}`);
        return stdout;
      },
      outerPath: (path) => world.outerPath(path),
      log: () => readLog(world),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
