import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/index.ts';
import { host, storage } from '../../src/testing/index.ts';
import { fakeSuite } from '../support/fake.ts';
import { FakeSSH } from '../support/fake-ssh.ts';
import { until } from '../support/until.ts';

const suite = fakeSuite();
const made: FakeSSH[] = [];
afterEach(async () => {
  for (const ssh of made.splice(0)) await ssh.remove();
});
async function fakeSSH(run?: string): Promise<FakeSSH> {
  const ssh = await FakeSSH.make(run);
  made.push(ssh);
  return ssh;
}
const uri = (ssh: FakeSSH, more: string) =>
  `qemu+ssh://me@far.example/system?command=${ssh.command}&${more}`;

describe('by ssh', () => {
  it('calls and streams reach the far daemon', async () => {
    const ssh = await fakeSSH();
    const daemon = await suite.daemon();
    const opened: unknown[] = [];
    daemon.on(host.CONNECT_OPEN, (args) => void opened.push(args));
    daemon.on(host.CONNECT_GET_HOSTNAME, () => ({ hostname: 'far' }));
    const vol = { pool: 'p', name: 'v', key: '/v' };
    daemon.on(storage.STORAGE_VOL_LOOKUP_BY_PATH, () => ({ vol }));
    const data = randomBytes(3_000_000);
    const received: Buffer[] = [];
    daemon.on(storage.STORAGE_VOL_UPLOAD, (_args, { stream }) => {
      stream.onData((chunk) => chunk !== null && received.push(chunk));
    });
    const way = `socket=${daemon.socketPath}&netcat=${ssh.netcat}`;
    const connection = await connect(uri(ssh, way));
    try {
      expect(await connection.getHostname()).toBe('far');
      expect(opened).toEqual([{ name: 'qemu:///system', flags: 0 }]);
      const volume = await connection.storageVolLookupByPath('/v');
      expect(await volume.upload([data])).toBe(data.length);
      expect(Buffer.concat(received).equals(data)).toBe(true);
    } finally {
      await connection.close();
    }
    await until('ssh is gone', () => daemon.clients.length === 0);
  });

  it('a daemon that ends ends the connection', async () => {
    const ssh = await fakeSSH();
    const daemon = await suite.daemon();
    const way = `socket=${daemon.socketPath}&netcat=${ssh.netcat}`;
    const connection = await connect(uri(ssh, way));
    daemon.dropClients();
    expect(await connection.closed).toBeInstanceOf(Error);
    await connection.close();
  });

  it.each([
    ['refuses', 'echo "me@far: Permission denied (publickey)." >&2; exit 255', /denied.*ssh-add/],
    ['says nothing', 'exit 1', /ended \(exit code 1\)/],
    ['ends too early', 'exit 0', /ended \(exit code 0\)/],
    ['lacks the helper', 'echo "sh: virt-ssh-helper: not found" >&2; exit 127', /found.*Install/],
  ])('an ssh that %s is an error with its words', async (_what, run, message) => {
    const ssh = await fakeSSH(run);
    await expect(connect(uri(ssh, 'proxy=native'))).rejects.toMatchObject({
      name: 'TransportError',
      reason: 'ssh-failed',
      message: expect.stringMatching(message),
    });
  });

  it('an ssh that is not installed is an error', async () => {
    await expect(connect('qemu+ssh://far/system?command=/no/ssh')).rejects.toMatchObject({
      reason: 'ssh-failed',
      message: expect.stringContaining('openssh-client'),
    });
  });

  it('an ssh that hangs ends with the caller’s patience', async () => {
    const ssh = await fakeSSH('exec sleep 1000');
    const hanging = connect(uri(ssh, 'proxy=native'), { timeoutMs: 300 });
    await expect(hanging).rejects.toMatchObject({ name: 'TimeoutError' });
    const reason = new Error('changed my mind');
    const aborted = connect(uri(ssh, 'proxy=native'), { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });
});
