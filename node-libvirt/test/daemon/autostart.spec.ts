import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { missing, SessionDaemon } from '../support/session-daemon.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../support/ask-session.ts', import.meta.url));

describe.skipIf(missing !== null)('a session daemon that does not run yet', () => {
  let daemon: SessionDaemon;

  beforeEach(async () => {
    daemon = await SessionDaemon.prepare();
  });
  afterEach(() => daemon.remove());

  const ask = async (env: NodeJS.ProcessEnv = {}) => {
    const [file, args] = daemon.command(process.execPath, script);
    const { stdout } = await run(file, args, { env: { ...daemon.env, ...env }, cwd: '/' });
    return JSON.parse(stdout);
  };

  it('is started on demand', async () => {
    expect(await daemon.pid()).toBeNull();
    expect(await ask()).toEqual({ uri: 'qemu:///session' });
    expect(await daemon.pid()).not.toBeNull();
  });

  it('is one, however many processes start it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask()));
    expect(answers).toEqual(Array.from({ length: 4 }, () => ({ uri: 'qemu:///session' })));
  });

  it('is not started where that is forbidden', async () => {
    expect(await ask({ LIBVIRT_AUTOSTART: '0' })).toEqual({
      name: 'TransportError',
      reason: 'socket-missing',
    });
  });

  it('that cannot be started is an error that says so', async () => {
    const nowhere = daemon.path('bin/libvirtd');
    expect(await ask({ LIBVIRTD_PATH: nowhere })).toEqual({
      name: 'TransportError',
      reason: 'daemon-failed',
    });
  });
});
