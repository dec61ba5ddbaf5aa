import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SSHTarget } from './ssh-target.ts';
import { TransportError } from './transport-error.ts';
import type { DialOptions } from './unix-socket.ts';

/** How much of what ssh complains about is kept: its end. */
const KEPT_COMPLAINT = 4_096;
/** A background ssh that shares the connection can hold its error output open for ever. */
const LAST_WORDS_MS = 200;

/**
 * Runs ssh and makes a byte stream of it. Whether it gets through is only known later: the stream
 * then fails with a TransportError `ssh-failed` that has ssh's own words.
 *
 * @throws TransportError `ssh-failed` when the program cannot be started, or the signal's reason.
 */
export async function connectSSH(
  target: SSHTarget,
  args: readonly string[],
  { signal }: DialOptions = {},
): Promise<Duplex> {
  signal?.throwIfAborted();
  const child = spawn(target.command, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    const advice = isMissing(cause) ? ': install openssh-client, or name it with command=' : '';
    const text = `cannot start ${target.command}${advice}`;
    throw new TransportError('ssh-failed', text, { cause });
  }
  const stream = new SSHStream(child, target);
  if (!signal?.aborted) return stream;
  stream.destroy();
  throw signal.reason;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Standard input and output of ssh as one stream that ends as ssh does. */
class SSHStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #target: SSHTarget;
  #complaint = '';
  #received = false;

  constructor(child: ChildProcessWithoutNullStreams, target: SSHTarget) {
    super({ allowHalfOpen: false });
    this.#child = child;
    this.#target = target;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-KEPT_COMPLAINT);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      this.#received = true;
      if (!this.push(chunk)) child.stdout.pause();
    });
    // A broken pipe says less than ssh's own words, which come with its end.
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    void this.#watch();
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, (error) => {
      if (!error) done();
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.kill();
    done(error);
  }

  async #watch(): Promise<void> {
    const stdoutEnded = new Promise<void>((resolve) => this.#child.stdout.once('close', resolve));
    const stderrEnded = new Promise<void>((resolve) => this.#child.stderr.once('close', resolve));
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#child.once('exit', (...how) => resolve(how));
    });
    await stdoutEnded;
    await Promise.race([stderrEnded, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    this.#child.stderr.destroy();
    if (this.destroyed) return;
    if (code === 0 && this.#received) this.push(null);
    else this.destroy(this.#explain(code === null ? `signal ${signal}` : `exit code ${code}`));
  }

  #explain(ending: string): TransportError {
    const { host, command } = this.#target;
    const words = this.#complaint.trim();
    const text = `${command} to ${host} ended (${ending})${words === '' ? '' : `: ${words}`}`;
    const advice = adviceFor(words);
    return new TransportError('ssh-failed', advice === null ? text : `${text}. ${advice}`);
  }
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/permission denied/i, 'Load your key into the agent (ssh-add), or name it with keyfile='],
  [/host key verification failed/i, 'Connect once with ssh by hand, or add no_verify=1'],
  [/(not found|no such file)/i, 'Install libvirt-clients (virt-ssh-helper) or netcat over there'],
  [/(could not resolve|no route|refused|timed out)/i, 'Is the computer on, and its name right?'],
];

function adviceFor(words: string): string | null {
  return ADVICE.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}
