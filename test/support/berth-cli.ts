import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { TestDaemon } from './daemon/index.ts';

const CLI = join(resolve(import.meta.dirname, '../..'), 'src-main/cli.ts');

export interface CliRun {
  code: number | null;
  /** Standard output, one JSON object a line. */
  lines: Record<string, unknown>[];
  stderr: string;
}

export interface CliTarget {
  daemon: TestDaemon;
  home: string;
}

/** Runs the command line from its sources, with `--json`, against a test daemon. */
export async function berthCli(
  { daemon, home }: CliTarget,
  args: readonly string[],
  { input, signal }: { input?: string; signal?: AbortSignal } = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [CLI, ...args, '--json'], {
    env: {
      ...process.env,
      BERTH_HOME: home,
      BERTH_LIBVIRT_URI: daemon.uri,
      BERTH_DAEMON_PATHS: `/var/lib/libvirt=${daemon.outerPath('/var/lib/libvirt')}`,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal && { signal, killSignal: 'SIGKILL' as const }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.on('error', () => {
    // an aborted signal is told by the exit
  });
  // One that ends before it has read everything tells so by its end.
  child.stdin.on('error', () => undefined).end(input ?? '');
  const code = await new Promise<number | null>((done) => child.once('close', done));
  // Of one that was killed the last line may be a part.
  const lines = stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line));
  return { code, lines, stderr };
}

/** The code of the error that a run ended with; null when it ended well. */
export function errorCode({ lines }: CliRun): string | null {
  const error = lines.at(-1)?.['error'];
  if (typeof error !== 'object' || error === null) return null;
  return String(Reflect.get(error, 'code'));
}
