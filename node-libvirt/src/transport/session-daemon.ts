import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DaemonAddress, findExecutable, type Surroundings } from './socket-paths.ts';
import { TransportError } from './transport-error.ts';
import { connectUnixSocket, type DialOptions } from './unix-socket.ts';

const RETRY_EVERY_MS = 10;
const GIVE_UP_AFTER_MS = 15_000;
/** The daemon leaves by itself when it has had no client and no running guest for so long. */
const IDLE_SECONDS = 120;
const ENVIRONMENT = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
];

function isAbsent(error: unknown): boolean {
  return (
    error instanceof TransportError &&
    (error.reason === 'socket-missing' || error.reason === 'socket-refused')
  );
}

interface Launch {
  failure: TransportError | null;
}

/** Starts the daemon and lets it go: it outlives this process, as libvirt's own client does it. */
function launch(executable: string, directory: string, env: NodeJS.ProcessEnv): Launch {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const kept = ENVIRONMENT.flatMap((key) => (env[key] === undefined ? [] : [[key, env[key]]]));
  const child = spawn(executable, [`--timeout=${IDLE_SECONDS}`], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
    env: { LC_ALL: 'C', ...Object.fromEntries(kept) },
  });
  const state: Launch = { failure: null };
  child.once('error', (cause) => {
    const text = `cannot start ${executable}: ${cause.message}`;
    state.failure = new TransportError('daemon-failed', text, { cause });
  });
  child.unref();
  return state;
}

/**
 * Connects to a session daemon and starts it when it is not there. Several processes may do so at
 * once: each may start one, the daemon's own lock leaves one running, and all reach that one.
 */
export async function connectSessionDaemon(
  address: DaemonAddress,
  { env, exists }: Pick<Surroundings, 'env' | 'exists'>,
  options: DialOptions = {},
): Promise<net.Socket> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  let started: Launch | null = null;
  for (;;) {
    try {
      return await connectUnixSocket(address.socketPath, options);
    } catch (error) {
      if (!isAbsent(error) || env['LIBVIRT_AUTOSTART'] === '0') throw error;
      started ??= startFor(address, { env, exists });
      if (started.failure !== null) throw started.failure;
      if (Date.now() > deadline) {
        const text = `${address.daemon} was started but does not listen on ${address.socketPath}`;
        throw new TransportError('daemon-failed', text, { cause: error });
      }
    }
    options.signal?.throwIfAborted();
    await sleep(RETRY_EVERY_MS);
  }
}

function startFor(address: DaemonAddress, around: Pick<Surroundings, 'env' | 'exists'>): Launch {
  const executable = findExecutable(address.daemon, around);
  if (executable === null) {
    const text = `${address.daemon} is not installed: install the package libvirt-daemon-system (or libvirt-daemon)`;
    throw new TransportError('daemon-missing', text);
  }
  return launch(executable, path.dirname(address.socketPath), around.env);
}
