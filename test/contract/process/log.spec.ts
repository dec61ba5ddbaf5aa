import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';

const LOG = join(import.meta.dirname, '../../../src-main/adapters/system/log/create-log.ts');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'berth-logs-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Writes lines that fill the log every few of them; answers what it complained of. */
async function fill(): Promise<string> {
  const script = `const { createLog } = await import(${JSON.stringify(LOG)});
    const limits = { bytes: 500, files: 3 };
    const log = createLog({ dir: ${JSON.stringify(dir)}, level: 'info', limits });
    for (let line = 0; line < 2000; line += 1) log.info('line ' + line);
    log.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [complaints, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return code === 0 ? complaints : `${complaints} ended with ${code}`;
}

it('processes that fill one log at once rotate it without a failure', async () => {
  expect(await Promise.all([fill(), fill(), fill()])).toEqual(['', '', '']);
});
