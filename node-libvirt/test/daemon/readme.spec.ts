import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, SessionDaemon } from '../support/session-daemon.ts';

const run = promisify(execFile);
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe.skipIf(missing !== null)('the README', () => {
  let daemon: SessionDaemon;

  beforeAll(async () => {
    daemon = await SessionDaemon.start();
  });
  afterAll(async () => {
    await daemon?.remove();
  });

  it('has an example that runs as it stands', async () => {
    const readme = await readFile(here('../../README.md'), 'utf8');
    const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const args = ['--input-type=module-typescript', '--eval', example];
    const { stdout } = await run(process.execPath, args, {
      cwd: here('../..'),
      env: { ...process.env, LIBVIRT_DEFAULT_URI: daemon.uri('test:///default') },
    });
    expect(stdout.trim().split('\n')).toEqual([
      expect.stringMatching(/^libvirt \d+ at test:\/\/\/default$/),
      'test runs',
      'Domain not found',
    ]);
  });
});
