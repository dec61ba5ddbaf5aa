import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/** A Node process of its own that runs a script of this folder and answers in lines. */
export class Child {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly #reader: Interface;
  readonly #exit: Promise<unknown>;
  #errors = '';
  #ended = false;

  constructor(script: string, args: string[], identity: { uid?: number } = {}) {
    this.process = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      ...identity,
    });
    if (!this.process.stdout || !this.process.stderr) throw new Error('no pipes');
    this.#reader = createInterface({ input: this.process.stdout });
    this.#reader.on('line', (line) => this.lines.push(line));
    this.process.stderr.on('data', (chunk) => {
      this.#errors += String(chunk);
    });
    // One that ends before it has read everything tells so by its end.
    this.process.stdin?.on('error', () => undefined);
    // After it exits its last lines are still to be read.
    this.#exit = once(this.process, 'close').then(() => {
      this.#ended = true;
    });
  }

  say(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** The line number `count` (from 1), once it is there. */
  async line(count: number): Promise<string> {
    while (this.lines.length < count) {
      if (this.#ended) throw new Error(`the child ended: ${this.#errors}`);
      await Promise.race([once(this.#reader, 'line'), this.#exit]);
    }
    return this.lines[count - 1] ?? '';
  }

  async end(signal: 'SIGKILL' | null = null): Promise<void> {
    if (signal) this.process.kill(signal);
    else this.process.stdin?.end();
    await this.#exit;
  }
}
