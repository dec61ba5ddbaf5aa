import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Command, Operation } from './command.ts';

const ANSWER_TIMEOUT_MS = 120_000;

/** A process that measures one side: commands on its stdin, one answer a line on its stdout. */
export class WorkerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  readonly #name: string;
  #complaint = '';

  constructor(name: string, file: string, args: readonly string[]) {
    this.#name = name;
    // In a group of its own: an interrupt at the terminal is for the one who shows the figures.
    this.#child = spawn(file, args, { detached: true });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2_000);
    });
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  /** @throws Error when the operation failed, the process ended, or no answer came in time. */
  async measure(op: Operation, command: Command): Promise<number> {
    const waiting = new AbortController();
    const { signal } = waiting;
    const timer = setTimeout(
      () => waiting.abort(new Error(`${this.#name}: no answer to ${op}`)),
      ANSWER_TIMEOUT_MS,
    );
    const line = once(this.#lines, 'line', { signal }).then(([text]) => String(text));
    const end = once(this.#child, 'exit', { signal }).then(() => {
      throw new Error(`${this.#name} ended: ${this.#complaint}`);
    });
    try {
      this.#child.stdin.write(`${JSON.stringify({ op, ...command })}\n`);
      return answerOf(this.#name, op, await Promise.race([line, end]));
    } finally {
      clearTimeout(timer);
      waiting.abort();
      await Promise.allSettled([line, end]);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    const exit = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exit;
    clearTimeout(timer);
  }
}

function answerOf(name: string, op: Operation, line: string): number {
  const answer: unknown = JSON.parse(line);
  if (typeof answer === 'object' && answer !== null && 'value' in answer) {
    if (typeof answer.value === 'number' && Number.isFinite(answer.value)) return answer.value;
  }
  throw new Error(`${name}: ${op} failed: ${line}`);
}
