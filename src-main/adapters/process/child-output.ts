import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { ProcessError, type ProcessFailure } from './process-error.ts';

const KEPT_MAX = 4 * 1024 * 1024;
const LINE_MAX = 64 * 1024;
const LAST_LINES = 20;

type StreamName = 'stdout' | 'stderr';

interface OutputOptions {
  onLine?: (line: string, stream: StreamName) => void;
  secrets?: readonly string[];
}

/** Gathers what a process writes, with bounds on all of it. */
export class ChildOutput {
  readonly #kept: Record<StreamName, string> = { stdout: '', stderr: '' };
  readonly #options: OutputOptions;
  readonly #last: string[] = [];
  #truncated = false;

  constructor(child: ChildProcess, options: OutputOptions) {
    this.#options = options;
    this.#read(child, 'stdout');
    this.#read(child, 'stderr');
  }

  result(): { stdout: string; stderr: string; truncated: boolean } {
    return { ...this.#kept, truncated: this.#truncated };
  }

  error(command: string, failure: ProcessFailure): ProcessError {
    const secrets = this.#options.secrets ?? [];
    const lines = this.#last.map((line) =>
      secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '…') : text), line),
    );
    return ProcessError.of(command, failure, lines);
  }

  #read(child: ChildProcess, name: StreamName): void {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    const take = (text: string) => {
      this.#keep(name, text);
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) this.#line(name, line);
      while (rest.length > LINE_MAX) {
        this.#line(name, rest.slice(0, LINE_MAX));
        rest = rest.slice(LINE_MAX);
      }
    };
    const stream = child[name];
    stream?.on('data', (chunk: Uint8Array) => take(decoder.write(Buffer.from(chunk))));
    stream?.on('error', () => undefined);
    stream?.on('close', () => {
      take(decoder.end());
      if (rest !== '') this.#line(name, rest);
      rest = '';
    });
  }

  #keep(name: StreamName, text: string): void {
    const room = KEPT_MAX - this.#kept[name].length;
    if (text.length > room) this.#truncated = true;
    if (room > 0) this.#kept[name] += text.slice(0, room);
  }

  #line(name: StreamName, line: string): void {
    this.#last.push(line.slice(0, 1000));
    if (this.#last.length > LAST_LINES) this.#last.shift();
    this.#options.onLine?.(line, name);
  }
}
