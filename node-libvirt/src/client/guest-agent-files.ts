import { Buffer } from 'node:buffer';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../connection/call-options.ts';
import { TimeoutError } from '../connection/errors.ts';
import { AgentError, AgentReply } from './agent-reply.ts';

/** Sends one JSON command; `timeoutSeconds` as in virDomainQemuAgentCommand. */
export type AgentTransport = (
  command: string,
  timeoutSeconds: number,
  options: CallOptions | undefined,
) => Promise<string | null>;

export interface AgentExecOptions extends CallOptions {
  /** Variables as `NAME=value`; none means the agent's own. */
  readonly env?: readonly string[] | undefined;
  /** What the program reads on its standard input. */
  readonly input?: Uint8Array | string | undefined;
}

/** How a program ended. `exitCode` is null when a signal, or an exception in Windows, ended it. */
export interface AgentExecResult {
  readonly exitCode: number | null;
  readonly signal: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Whether the agent has cut the output off (it keeps 16 MiB of each). */
  readonly truncated: boolean;
}

/** The agent takes up to 48 MiB in a read, libvirt's messages 4 MiB: Base64 makes 3 into 4. */
const CHUNK_BYTES = 1 << 20;
const DEFAULT_MAX_FILE_BYTES = 64 << 20;
const FIRST_POLL_MS = 20;
const SLOWEST_POLL_MS = 1_000;

/** The agent's protocol, its programs and its files. */
export abstract class GuestAgentFiles {
  readonly #send: AgentTransport;
  #timeoutSeconds = -1;

  constructor(send: AgentTransport) {
    this.#send = send;
  }

  /**
   * How long libvirt waits for each answer: seconds, -1 its default (5), -2 for ever. Returns
   * itself.
   */
  setTimeout(seconds: number): this {
    this.#timeoutSeconds = seconds;
    return this;
  }

  /** Any command by the agent's own name, its answer as it came. */
  async execute(name: string, args: object = {}, options?: CallOptions): Promise<unknown> {
    return (await this.command(name, args, options)).raw();
  }

  /**
   * Runs a program, without a shell, and waits for its end. `timeoutMs` is for all of it; a program
   * that takes longer goes on in the guest.
   */
  async exec(
    path: string,
    args: readonly string[] = [],
    { env, input, signal, timeoutMs = 0 }: AgentExecOptions = {},
  ): Promise<AgentExecResult> {
    const clock = new AbortController();
    const late = new TimeoutError(path, timeoutMs, true);
    const timer = timeoutMs > 0 ? setTimeout(() => clock.abort(late), timeoutMs) : undefined;
    const both = signal === undefined ? clock.signal : AbortSignal.any([clock.signal, signal]);
    try {
      const pid = await this.#start(path, args, { env, input, signal: both });
      return await this.#waitForEnd(pid, both);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A file of the guest.
   *
   * @throws RangeError when it has more than `maxBytes`, 64 MiB unless said.
   */
  async readFile(
    path: string,
    options: CallOptions & { readonly maxBytes?: number | undefined } = {},
  ): Promise<Buffer> {
    const { maxBytes = DEFAULT_MAX_FILE_BYTES } = options;
    return this.#withFile(path, 'rb', options, async (handle) => {
      const chunks: Buffer[] = [];
      let total = 0;
      for (;;) {
        const args = { handle, count: CHUNK_BYTES };
        const reply = await this.command('guest-file-read', args, options);
        const chunk = Buffer.from(reply.get('buf-b64').text(), 'base64');
        total += chunk.length;
        if (total > maxBytes) throw new RangeError(`${path} has more than ${maxBytes} bytes`);
        chunks.push(chunk);
        if (reply.get('eof').boolean()) return Buffer.concat(chunks);
        if (chunk.length === 0) throw new AgentError(`${path} ends neither nor goes on`);
      }
    });
  }

  /** Writes a file of the guest; `append` adds to it, otherwise it is replaced. */
  async writeFile(
    path: string,
    data: Uint8Array | string,
    options: CallOptions & { readonly append?: boolean | undefined } = {},
  ): Promise<void> {
    const bytes = Buffer.from(data);
    await this.#withFile(path, options.append ? 'ab' : 'wb', options, async (handle) => {
      for (let at = 0; at < bytes.length; ) {
        const piece = bytes.subarray(at, at + CHUNK_BYTES);
        const args = { handle, 'buf-b64': piece.toString('base64') };
        const written = await this.command('guest-file-write', args, options);
        const count = written.get('count').number();
        if (!(count > 0)) throw new AgentError(`${path}: nothing was written`);
        at += count;
      }
      await this.command('guest-file-flush', { handle }, options);
    });
  }

  protected async command(name: string, args: object, options?: CallOptions): Promise<AgentReply> {
    const text = await this.#send(encode(name, args), this.#timeoutSeconds, options);
    if (text === null) throw new AgentError(`the guest agent has not answered ${name}`);
    return AgentReply.parse(text, name);
  }

  /** For commands that have no answer. */
  protected async tell(name: string, args: object, options?: CallOptions): Promise<void> {
    const NO_ANSWER = 0;
    await this.#send(encode(name, args), NO_ANSWER, options);
  }

  async #start(
    path: string,
    args: readonly string[],
    { env, input, signal }: AgentExecOptions,
  ): Promise<number> {
    const data = input === undefined ? {} : { 'input-data': Buffer.from(input).toString('base64') };
    const variables = env === undefined ? {} : { env };
    const program = { path, arg: args, 'capture-output': true, ...variables, ...data };
    return (await this.command('guest-exec', program, { signal })).get('pid').number();
  }

  async #waitForEnd(pid: number, signal: AbortSignal): Promise<AgentExecResult> {
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, SLOWEST_POLL_MS)) {
      const status = await this.command('guest-exec-status', { pid }, { signal });
      if (status.get('exited').boolean()) return ending(status);
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** Opens, uses and, whatever happens, closes: the agent keeps forgotten handles for ever. */
  async #withFile<T>(
    path: string,
    mode: string,
    options: CallOptions,
    use: (handle: number) => Promise<T>,
  ): Promise<T> {
    const handle = (await this.command('guest-file-open', { path, mode }, options)).number();
    const close = () => this.command('guest-file-close', { handle }, { timeoutMs: 10_000 });
    let result: T;
    try {
      result = await use(handle);
    } catch (error) {
      await close().catch(() => undefined);
      throw error;
    }
    await close();
    return result;
  }
}

function ending(status: AgentReply): AgentExecResult {
  const bytes = (key: string) => Buffer.from(status.optional(key)?.text() ?? '', 'base64');
  const cut = (key: string) => status.optional(key)?.boolean() ?? false;
  return {
    exitCode: status.optional('exitcode')?.number() ?? null,
    signal: status.optional('signal')?.number() ?? null,
    stdout: bytes('out-data'),
    stderr: bytes('err-data'),
    truncated: cut('out-truncated') || cut('err-truncated'),
  };
}

function encode(name: string, args: object): string {
  return JSON.stringify({ execute: name, arguments: args });
}
