import { join } from 'node:path';
import type { GuardedLog } from '../../../core/ports/system.ts';
import { Redactor } from './redactor.ts';
import { RotatingFile } from './rotating-file.ts';

export type LogLevel = 'info' | 'warn' | 'error';

const RANK: Record<LogLevel, number> = { info: 1, warn: 2, error: 3 };
const LIMITS = { bytes: 5 * 1024 * 1024, files: 5 };

export interface BerthLog extends GuardedLog {
  close(): void;
}

/**
 * Writes JSON lines to `berth.log` in `dir`: `at` (ISO 8601), `level`, `pid`, `message` and the fields given.
 * Five files of 5 MiB. Each line is in the file when the call returns. Never throws: a log that
 * cannot be written says so once on stderr and the work goes on.
 *
 * @param options.stderr also writes the lines to stderr.
 */
export function createLog(options: {
  dir: string;
  level: LogLevel;
  stderr?: boolean;
  limits?: { bytes: number; files: number };
}): BerthLog {
  const redactor = new Redactor();
  const file = new RotatingFile(join(options.dir, 'berth.log'), options.limits ?? LIMITS);
  let failed = false;

  const append = (makeLine: () => string) => {
    try {
      const line = makeLine();
      if (options.stderr) process.stderr.write(line);
      file.append(line);
      failed = false;
    } catch (error) {
      if (!failed) process.stderr.write(`berth: the log cannot be written: ${String(error)}\n`);
      failed = true;
    }
  };

  const write =
    (level: LogLevel) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      if (RANK[level] < RANK[options.level]) return;
      append(() => {
        const at = new Date().toISOString();
        const head = { at, level, pid: process.pid, message: redactor.text(message) };
        // Twice: the head comes first in the line, and no field can take its place.
        return `${JSON.stringify({ ...head, ...redactor.fields(fields), ...head })}\n`;
      });
    };
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    redact: (value) => redactor.add(value),
    close: () => file.close(),
  };
}
