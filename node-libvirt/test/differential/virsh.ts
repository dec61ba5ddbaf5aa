import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../support/until.ts';

const TIMEOUT_MS = 20_000;

/** One virsh that takes many commands: starting it takes longer than most of what it is asked. */
export class Virsh {
  readonly #child: ChildProcessWithoutNullStreams;
  #printed = '';
  #errors = '';
  #commands = 0;

  constructor(uri: string) {
    // It writes to a pipe only when it has written much, unless told otherwise.
    this.#child = spawn('stdbuf', ['-oL', 'virsh', '-q', '-c', uri], {
      env: { ...process.env, LC_ALL: 'C', TERM: 'dumb' },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#printed += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  /** What it prints; several commands can be given, separated by `;`. One line at a time. */
  async run(commands: string): Promise<string> {
    const number = ++this.#commands;
    const [begin, end] = [`@begin${number}@`, `@end${number}@`];
    this.#printed = '';
    this.#errors = '';
    // It repeats the line it reads, where the marks must not be found: so they are in two parts.
    const mark = (text: string): string => `echo "@""${text.slice(1)}"`;
    this.#child.stdin.write(`${mark(begin)}; ${commands}; ${mark(end)}\n`);
    const answer = (): string | undefined => {
      const from = this.#printed.indexOf(begin);
      const to = this.#printed.indexOf(end, from);
      return from < 0 || to < 0 ? undefined : this.#printed.slice(from + begin.length, to);
    };
    const ended = (): boolean => answer() !== undefined || this.#child.exitCode !== null;
    await until(`virsh does ${commands}`, ended, TIMEOUT_MS).catch((error: unknown) => {
      throw new Error(`virsh ${commands}: ${this.#errors || this.#printed}`, { cause: error });
    });
    // Its errors come on another way.
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (this.#errors.includes('error:')) throw new Error(`virsh ${commands}: ${this.#errors}`);
    return answer() ?? '';
  }

  async quit(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exited;
  }
}
