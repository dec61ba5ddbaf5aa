import { basename } from 'node:path';
import { BerthError } from '../../core/errors.ts';

export type ProcessFailure =
  | { reason: 'timeout' }
  | { reason: 'failed'; code: number | null; signal: NodeJS.Signals | null };

/** `process_missing`, `process_failed` or `process_timeout`. Never holds the arguments of the program. */
export class ProcessError extends BerthError {
  readonly command: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines of stdout and stderr, as they came. */
  readonly lastLines: readonly string[];

  constructor(
    code: string,
    message: string,
    details: {
      command: string;
      exitCode?: number | null;
      signal?: NodeJS.Signals | null;
      lastLines?: readonly string[];
    },
  ) {
    const said = details.lastLines?.findLast((line) => line.trim() !== '');
    super(code, message, {
      retryable: code === 'process_timeout',
      ...(said && { cause: new Error(said) }),
    });
    this.name = 'ProcessError';
    this.command = details.command;
    this.exitCode = details.exitCode ?? null;
    this.signal = details.signal ?? null;
    this.lastLines = details.lastLines ?? [];
  }

  static of(command: string, failure: ProcessFailure, lastLines: readonly string[]): ProcessError {
    const name = basename(command);
    if (failure.reason === 'timeout') {
      return new ProcessError('process_timeout', `${name} took too long and was ended`, {
        command,
        lastLines,
      });
    }
    const { code, signal } = failure;
    const how = signal ? `was ended by ${signal}` : `failed with exit code ${code}`;
    const details = { command, exitCode: code, signal, lastLines };
    return new ProcessError('process_failed', `${name} ${how}`, details);
  }

  /** `cause` is what spawn() says: its `spawnargs` must not get any further. */
  static notStarted(command: string, cause: Error): ProcessError {
    const name = basename(command);
    const code = 'code' in cause ? String(cause.code) : 'unknown error';
    return code === 'ENOENT'
      ? new ProcessError('process_missing', `${name} is not installed`, { command })
      : new ProcessError('process_failed', `${name} could not be started (${code})`, { command });
  }
}
