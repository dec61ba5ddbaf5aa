import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProcessError } from '../../../src-main/adapters/process/process-error.ts';
import { run } from '../../../src-main/adapters/process/run.ts';

vi.setConfig({ testTimeout: 30_000 });
const patience = { timeout: 10_000 };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'berth-run-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sh = (script: string, options: Partial<Parameters<typeof run>[2]> = {}, ...args: string[]) =>
  run('/bin/sh', ['-c', script, 'sh', ...args], { timeoutMs: 20_000, ...options });

async function failure(promise: Promise<unknown>): Promise<ProcessError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProcessError)) throw new Error(`not a ProcessError: ${String(error)}`);
  return error;
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody has collected yet has ended.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const pidIn = async (name: string) => {
  const read = () => Number(readFileSync(join(dir, name), 'utf8').trim() || Number.NaN);
  return vi.waitFor(() => {
    const pid = read();
    expect(pid).toBeGreaterThan(0);
    return pid;
  }, patience);
};

describe('run', () => {
  it('returns what was written, and each line as it comes', async () => {
    const lines: string[] = [];
    const result = await sh('printf "one\\r\\ntwo ☃\\n"; printf "bad\\nrest" >&2', {
      onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    });
    expect(result).toEqual({ stdout: 'one\r\ntwo ☃\n', stderr: 'bad\nrest', truncated: false });
    expect(lines.toSorted()).toEqual([
      'stderr: bad',
      'stderr: rest',
      'stdout: one',
      'stdout: two ☃',
    ]);
  });

  it('passes arguments, input and environment as they are', async () => {
    const argument = 'a b; "$(c)" *';
    const { stdout } = await sh(
      'cat; printf "%s|%s|%s" "$1" "$X" "$LC_ALL"',
      {
        stdin: 'in:',
        env: { X: 'y z' },
      },
      argument,
    );
    expect(stdout).toBe(`in:${argument}|y z|C.UTF-8`);
  });

  it('does not mind a program that does not read its input', async () => {
    const { stdout } = await sh('exec 0<&-; echo done', { stdin: 'x'.repeat(5_000_000) });
    expect(stdout).toBe('done\n');
  });

  it('says how a program failed, with its last lines and without its arguments', async () => {
    const error = await failure(
      sh('seq 100; echo "no such pool: $1" >&2; exit 3', { secrets: ['hunter2'] }, 'hunter2'),
    );
    expect(error).toMatchObject({
      code: 'process_failed',
      exitCode: 3,
      signal: null,
      command: '/bin/sh',
    });
    expect(error.lastLines).toHaveLength(20);
    expect(error.lastLines).toContain('no such pool: …');
    expect(JSON.stringify([error, error.toData(), error.message, error.stack])).not.toContain(
      'hunter2',
    );
    expect(await failure(sh('kill -9 $$'))).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  it('tells a program that is missing from one that cannot be started', async () => {
    const options = { timeoutMs: 1000 };
    const missing = await failure(run('berth-no-such-program', ['hunter2'], options));
    expect(missing).toMatchObject({ code: 'process_missing' });
    const refused = await failure(run(dir, ['hunter2'], options));
    expect(refused).toMatchObject({
      code: 'process_failed',
      message: expect.stringContaining('EACCES'),
    });
    expect(JSON.stringify([refused, refused.cause ?? ''])).not.toContain('hunter2');
  });

  it('ends everything that the program has started when time is up', async () => {
    const script = `sleep 300 & echo $! >${dir}/pid; wait`;
    const started = performance.now();
    const error = await failure(sh(script, { timeoutMs: 500 }));
    expect(error).toMatchObject({ code: 'process_timeout', retryable: true });
    const pid = await pidIn('pid');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), patience);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('kills what does not end when it is asked to', async () => {
    const reason = new Error('cancelled by a person');
    const controller = new AbortController();
    const promise = sh(`trap '' TERM; echo $$ >${dir}/pid; while :; do sleep 1; done`, {
      signal: controller.signal,
    });
    const pid = await pidIn('pid');
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), patience);
  });

  it('starts nothing when it is aborted before', async () => {
    const reason = new Error('too late');
    const promise = sh(`touch ${dir}/started`, { signal: AbortSignal.abort(reason) });
    await expect(promise).rejects.toBe(reason);
    expect(() => readFileSync(join(dir, 'started'))).toThrow();
  });

  it('does not wait for a grandchild that keeps the output open', async () => {
    const { stdout } = await sh(`(sleep 300 & echo $! >${dir}/pid); echo out`);
    expect(stdout).toBe('out\n');
    process.kill(await pidIn('pid'), 'SIGKILL');
  });

  it('bounds what it keeps', async () => {
    let longest = 0;
    const result = await sh('head -c 20000000 /dev/zero | tr "\\0" x; echo; echo end', {
      onLine: (line) => {
        longest = Math.max(longest, line.length);
      },
    });
    expect(result.truncated).toBe(true);
    expect(result.stdout.length).toBe(4 * 1024 * 1024);
    expect(longest).toBeLessThanOrEqual(64 * 1024);
  });
});
