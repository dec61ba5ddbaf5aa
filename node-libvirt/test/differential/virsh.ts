import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { until } from '../support/until.ts';

/** One virsh that takes many commands: starting it takes longer than most of what it is asked. */
export class Virsh {
  readonly #child: ChildProcessWithoutNullStreams;
  #printed = '';
  #commands = 0;
  #ended = false;

  constructor(uri: string) {
    // It writes to a pipe only when it has written much, unless told otherwise. Errors come in order with the rest.
    const command = 'exec stdbuf -oL virsh -q -c "$1" 2>&1';
    this.#child = spawn('sh', ['-c', command, 'sh', uri], {
      env: { ...process.env, LC_ALL: 'C', TERM: 'dumb' },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#printed += text;
    });
    const end = (): void => {
      this.#ended = true;
    };
    this.#child.on('close', end).on('error', end);
    // Writing to one that has ended fails: that it has ended is told to whoever waits for an answer.
    this.#child.stdin.on('error', () => undefined);
  }

  /** What it prints; several commands can be given, separated by `;`. One line at a time. */
  async run(commands: string): Promise<string> {
    const number = ++this.#commands;
    const [begin, end] = [`@begin${number}@`, `@end${number}@`];
    this.#printed = '';
    // It repeats the line it reads, where the marks must not be found: so they are in two parts.
    const mark = (text: string): string => `echo "@""${text.slice(1)}"`;
    this.#child.stdin.write(`${mark(begin)}; ${commands}; ${mark(end)}\n`);
    const answer = (): string | undefined => {
      const from = this.#printed.indexOf(begin);
      const to = this.#printed.indexOf(end, from);
      return from < 0 || to < 0 ? undefined : this.#printed.slice(from + begin.length, to);
    };
    await until(`virsh does ${commands}`, () => answer() !== undefined || this.#ended);
    const printed = answer();
    if (printed === undefined || /^error:/m.test(printed)) {
      throw new Error(`virsh ${commands}: ${this.#printed}`);
    }
    return printed;
  }

  async quit(): Promise<void> {
    this.#child.stdin.end();
    await until('virsh ends', () => this.#ended);
  }
}
