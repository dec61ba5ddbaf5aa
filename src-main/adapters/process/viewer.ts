import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, watch, writeFileSync } from 'node:fs';
import { access, constants, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/system.ts';
import { installCommand } from './install-command.ts';
import { type DisplayEndpoint, vvFile } from './vv-file.ts';

export { type DisplayEndpoint, vvFile } from './vv-file.ts';

const VIEWER = 'remote-viewer';
/** After this the password file is removed whether the viewer has read it or not. */
const READ_TIMEOUT_MS = 30_000;

/** Absolute path of remote-viewer; null when it is not installed. */
export async function findViewer(searchPath = process.env['PATH'] ?? ''): Promise<string | null> {
  for (const folder of searchPath.split(delimiter).filter((part) => isAbsolute(part))) {
    const path = join(folder, VIEWER);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}

export interface OpenViewerOptions {
  endpoint: DisplayEndpoint;
  password: string | null;
  title: string;
  log: Log;
  /** Folder for the connection file. Default: `XDG_RUNTIME_DIR`, which is in memory and this user's alone. */
  dir?: string;
  env?: NodeJS.ProcessEnv;
  readTimeoutMs?: number;
}

/**
 * Opens a display in remote-viewer, which goes on when Berth ends. Resolves once the viewer has read its
 * connection file. The file has mode 0600 in a folder of its own and is gone when this settles.
 *
 * @throws BerthError `viewer_missing`, `viewer_unsupported` (VNC on a UNIX socket), `viewer_failed`.
 */
export async function openViewer(options: OpenViewerOptions): Promise<void> {
  const { endpoint, password, title, log, env = process.env } = options;
  if (endpoint.protocol === 'vnc' && endpoint.target.kind === 'unix') throw unsupported();
  const viewer = await findViewer(env['PATH']);
  if (!viewer) throw missing();
  const base = options.dir ?? env['XDG_RUNTIME_DIR'] ?? tmpdir();
  const folder = await mkdtemp(join(base, 'berth-viewer-'));
  try {
    const file = join(folder, 'display.vv');
    writeFileSync(file, vvFile(endpoint, password, title), { mode: 0o600, flag: 'wx' });
    await launch({
      viewer,
      file,
      folder,
      env,
      log,
      timeoutMs: options.readTimeoutMs ?? READ_TIMEOUT_MS,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Launch {
  viewer: string;
  file: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  log: Log;
  timeoutMs: number;
}

async function launch({ viewer, file, folder, env, log, timeoutMs }: Launch): Promise<void> {
  const output = join(folder, 'output');
  // A file and not a pipe: the viewer outlives us, and a pipe without a reader would end it.
  const handle = openSync(output, 'wx', 0o600);
  const child = spawn(viewer, [file], { detached: true, stdio: ['ignore', handle, handle], env });
  closeSync(handle);
  child.unref();
  const settled = new AbortController();
  const ended = once(child, 'exit', { signal: settled.signal }).then(
    () => 'ended' as const,
    (error: unknown) => {
      if (settled.signal.aborted) return 'ended' as const;
      throw failed(error instanceof Error ? error.message : String(error));
    },
  );
  try {
    const result = await Promise.race([ended, whenRead(file, folder, timeoutMs, settled.signal)]);
    if (result === 'late') {
      log.warn('the viewer has not read its connection file in time', { viewer });
    }
    if (result === 'ended' && child.exitCode !== 0) throw failed(await lastLine(output));
  } finally {
    settled.abort();
    child.on('error', () => undefined);
  }
}

function whenRead(
  file: string,
  folder: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<'read' | 'late'> {
  return new Promise((resolve) => {
    const watcher = watch(folder, { signal }, () => {
      if (!existsSync(file)) finish('read');
    });
    watcher.on('error', () => undefined);
    const timer = setTimeout(() => finish('late'), timeoutMs);
    const finish = (how: 'read' | 'late') => {
      clearTimeout(timer);
      resolve(how);
    };
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    if (!existsSync(file)) finish('read');
  });
}

async function lastLine(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim().split('\n').at(-1)?.slice(0, 500) || 'it ended without a word';
}

function missing(): BerthError {
  const command = installCommand('virt-viewer');
  return new BerthError('viewer_missing', `${VIEWER} is not installed`, {
    hint: 'Install the package virt-viewer, or use the console inside Berth.',
    ...(command && { fix: { action: 'run-command', label: 'Install virt-viewer', command } }),
  });
}

function unsupported(): BerthError {
  return new BerthError(
    'viewer_unsupported',
    `${VIEWER} cannot open a VNC display on a UNIX socket`,
    {
      hint: 'Use the console inside Berth.',
    },
  );
}

function failed(detail: string): BerthError {
  return new BerthError('viewer_failed', `${VIEWER} could not be opened`, {
    hint: 'Use the console inside Berth.',
    cause: new Error(detail),
    retryable: true,
  });
}
