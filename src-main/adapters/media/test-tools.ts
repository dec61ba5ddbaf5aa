import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is on the search path (and in the administrator's folders), for tests that compare with another tool. */
export function findInPath(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Runs xorriso and returns what it printed. xorriso 1.5.4 ends by SIGSEGV in one of some 450 runs on a busy host, and
 * reports that as exit code 1 with a text: only such an end is tried again.
 */
export function xorriso(...args: string[]): string {
  for (let tries = 3; ; tries -= 1) {
    const run = spawnSync('xorriso', args, { encoding: 'utf8', timeout: 300_000 });
    if (run.error !== undefined) throw run.error;
    if (run.status === 0) return run.stdout;
    if (tries === 1 || !run.stderr.includes('UNIX-SIGNAL')) {
      throw new Error(`xorriso ${args.join(' ')} ended with ${run.status}:\n${run.stderr}`);
    }
  }
}
