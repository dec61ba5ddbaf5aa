import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findViewer, openViewer, vvFile } from '../../../src-main/adapters/process/viewer.ts';
import type { Log } from '../../../src-main/core/ports/system.ts';

const tcp = { protocol: 'spice', target: { kind: 'tcp', host: '127.0.0.1', port: 5901 } } as const;
const unix = { protocol: 'spice', target: { kind: 'unix', path: '/run/a/spice.sock' } } as const;

vi.setConfig({ testTimeout: 30_000 });

let root: string;
let dir: string;
let bin: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-viewer-test-'));
  dir = join(root, 'run');
  bin = join(root, 'bin');
  mkdirSync(dir);
  mkdirSync(bin);
});
// The real viewer, which ends with its screen, may still write to its home.
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 20 }));

const quiet = (): Log => ({ info: vi.fn(), warn: vi.fn(), error: vi.fn() });
const PATH = () => `${bin}:/usr/bin:/bin`;

const readText = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

function fakeViewer(script: string): void {
  writeFileSync(join(bin, 'remote-viewer'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'remote-viewer'), 0o755);
}

const open = (change: Partial<Parameters<typeof openViewer>[0]> = {}) =>
  openViewer({
    endpoint: tcp,
    password: 'hunter2',
    title: 'Büro',
    log: quiet(),
    dir,
    env: { PATH: PATH(), ROOT: root },
    ...change,
  });

describe('a connection file', () => {
  it('has what remote-viewer needs', () => {
    expect(vvFile(tcp, 'pw', 'Büro').split('\n')).toEqual([
      '[virt-viewer]',
      'type=spice',
      'host=127.0.0.1',
      'port=5901',
      'password=pw',
      'title=Büro',
      'delete-this-file=1',
      '',
    ]);
    expect(vvFile(unix, null, 'x')).toContain('\nunix-path=/run/a/spice.sock\n');
    expect(vvFile(unix, null, 'x')).not.toMatch(/password|host|port=/);
  });

  it('cannot be extended by a name', () => {
    const file = vvFile(tcp, null, '  a\nhost=evil\r\t\\b\u0000\ud800');
    expect(file.match(/^host=.*$/gm)).toEqual(['host=127.0.0.1']);
    expect(file).toContain('title=\\s\\sa\\nhost=evil\\r\\t\\\\b\ufffd\n');
  });
});

describe('the viewer', () => {
  it('gets a private file, and both go on without each other', async () => {
    fakeViewer(`stat -c %a "$1" >$ROOT/mode; cat "$1" >$ROOT/seen; echo $$ >$ROOT/pid
      ls -ld $(dirname "$1") >$ROOT/folder; rm "$1"; echo noise >&2; exec sleep 300`);
    await open();
    expect(readFileSync(join(root, 'seen'), 'utf8')).toBe(vvFile(tcp, 'hunter2', 'Büro'));
    expect(readFileSync(join(root, 'mode'), 'utf8')).toBe('600\n');
    expect(readFileSync(join(root, 'folder'), 'utf8')).toMatch(/^drwx------/);
    expect(readdirSync(dir)).toEqual([]);
    const pid = Number(readFileSync(join(root, 'pid'), 'utf8'));
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]).toBe(`${pid}`);
    process.kill(pid, 'SIGKILL');
  });

  it('that ends at once is told with what it said, and the file is gone', async () => {
    fakeViewer('echo "cannot open display:" >&2; exit 1');
    await expect(open()).rejects.toMatchObject({
      code: 'viewer_failed',
      cause: expect.objectContaining({ message: 'cannot open display:' }),
    });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('that never reads its file does not keep the password on disk', async () => {
    fakeViewer('echo $$ >$ROOT/pid; exec sleep 300');
    const log = quiet();
    await open({ log, readTimeoutMs: 1000 });
    expect(readdirSync(dir)).toEqual([]);
    expect(log.warn).toHaveBeenCalledTimes(1);
    const pid = () => Number(readText(join(root, 'pid')));
    await vi.waitUntil(pid, { timeout: 60_000 });
    process.kill(pid(), 'SIGKILL');
  });

  it('is missed with the package to install', async () => {
    const env = { PATH: join(root, 'nowhere') };
    await expect(open({ env })).rejects.toMatchObject({
      code: 'viewer_missing',
      hint: expect.stringContaining('virt-viewer'),
    });
    expect(await findViewer(env.PATH)).toBeNull();
    fakeViewer('exit 0');
    expect(await findViewer(PATH())).toBe(join(bin, 'remote-viewer'));
    expect(await findViewer('bin:.:')).toBeNull();
  });

  it('that cannot be executed is told as a failure', async () => {
    writeFileSync(join(bin, 'remote-viewer'), '#!/no/such/interpreter\n', { mode: 0o755 });
    await expect(open()).rejects.toMatchObject({ code: 'viewer_failed' });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is not asked for VNC on a UNIX socket, which it cannot do', async () => {
    const endpoint = { ...unix, protocol: 'vnc' as const };
    await expect(open({ endpoint })).rejects.toMatchObject({ code: 'viewer_unsupported' });
  });
});

const realProblem = ['/usr/bin/remote-viewer', '/usr/bin/Xvfb'].find((path) => !existsSync(path));
if (realProblem) console.log(`SKIPPED: the real remote-viewer, because ${realProblem} is missing`);

describe.skipIf(realProblem)('the real remote-viewer', { timeout: 60_000 }, () => {
  it.each(['tcp', 'unix'] as const)('opens a display by %s and deletes the file', async (kind) => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    const path = join(root, 'spice.sock');
    if (kind === 'unix') server.listen(path);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const target =
      typeof address === 'object' && address
        ? ({ kind: 'tcp', host: '127.0.0.1', port: address.port } as const)
        : ({ kind: 'unix', path } as const);
    const screen = await startScreen();
    try {
      const connection = once(server, 'connection');
      const env = {
        PATH: '/usr/bin:/bin',
        HOME: root,
        DISPLAY: screen.display,
        GDK_BACKEND: 'x11',
      };
      await openViewer({
        endpoint: { protocol: 'spice', target },
        password: 'x',
        title: 'T',
        log: quiet(),
        dir,
        env,
      });
      expect(readdirSync(dir)).toEqual([]);
      const [socket] = await connection;
      const [hello] = await once(socket, 'data');
      expect(String(hello).slice(0, 4)).toBe('REDQ');
      socket.destroy();
    } finally {
      await screen.stop();
      server.close();
    }
  });
});

/** The viewer ends with its X server. */
async function startScreen(): Promise<{ display: string; stop: () => Promise<void> }> {
  const xvfb = spawn(
    '/usr/bin/Xvfb',
    ['-displayfd', '3', '-screen', '0', '640x480x24', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const pipe = xvfb.stdio[3];
  if (!pipe || !('readable' in pipe)) throw new Error('no pipe');
  const [number] = await once(createInterface({ input: pipe }), 'line');
  return {
    display: `:${number}`,
    stop: async () => {
      const ended = once(xvfb, 'exit');
      xvfb.kill('SIGTERM');
      await ended;
    },
  };
}
