import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ChildOutput } from './child-output.ts';
import { ProcessError } from './process-error.ts';

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 3000;
/** For output that a grandchild may still hold open after its parent has exited. */
const DRAIN_MS = 2000;

export interface RunOptions {
  /** Ends the process group; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  timeoutMs: number;
  stdin?: string | Uint8Array;
  /** Added to this process's environment; `undefined` takes one away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Each line as it comes, without its end. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Texts that are masked wherever the output is handed out as part of an error. */
  secrets?: readonly string[];
}

export interface RunResult {
  /** At most 4 MiB of UTF-8; `truncated` when there was more. */
  stdout: string;
  stderr: string;
  truncated: boolean;
}

/**
 * Runs a program to its end in a process group of its own, so that ending it also ends what it has started.
 * The command is not a shell line; arguments never show up in errors, since one of them may be a secret.
 *
 * @throws ProcessError `process_missing` (no such program), `process_failed` (exit code or signal),
 * `process_timeout`; the reason of `signal` when it was aborted.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const child = spawn(command, [...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  const output = new ChildOutput(child, options);
  const stopper = new Stopper(child);
  const timer = setTimeout(() => stopper.stop('timeout'), options.timeoutMs);
  const onAbort = () => stopper.stop('abort');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    feed(child, options.stdin);
    const { code, signal } = await ended(child);
    options.signal?.throwIfAborted();
    if (stopper.cause === 'timeout') throw output.error(command, { reason: 'timeout' });
    if (code !== 0) throw output.error(command, { reason: 'failed', code, signal });
    return output.result();
  } catch (error) {
    throw error instanceof Error && 'syscall' in error
      ? ProcessError.notStarted(command, error)
      : error;
  } finally {
    clearTimeout(timer);
    stopper.done();
    options.signal?.removeEventListener('abort', onAbort);
  }
}

interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Rejects when the process could not be started. */
async function ended(child: ChildProcess): Promise<Ending> {
  const closed = once(child, 'close').catch(() => undefined);
  await once(child, 'exit');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { code: child.exitCode, signal: child.signalCode };
}

function feed(child: ChildProcess, input: string | Uint8Array | undefined): void {
  // A program that does not want its input closes the pipe; its exit code says what matters.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input ?? '');
}

/** Ends a process group: politely, then for certain. */
class Stopper {
  cause: 'timeout' | 'abort' | null = null;
  readonly #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  stop(cause: 'timeout' | 'abort'): void {
    if (this.cause) return;
    this.cause = cause;
    this.#kill('SIGTERM');
    this.#timer = setTimeout(() => this.#kill('SIGKILL'), GRACE_MS);
  }

  /** After the leader has ended, what it left in its group after a stop is ended too. */
  done(): void {
    clearTimeout(this.#timer);
    if (this.cause) this.#kill('SIGKILL');
  }

  #kill(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The group has ended.
    }
  }
}
