import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/index.ts';
import { FakeSSH } from '../support/fake-ssh.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';

const noHelper = existsSync('/usr/bin/virt-ssh-helper')
  ? null
  : 'virt-ssh-helper is not installed (Debian: libvirt-daemon)';
if (noHelper !== null) console.warn(`SKIPPED: tests with virt-ssh-helper: ${noHelper}`);

describe.skipIf(missing !== null || noHelper !== null)('a real daemon by ssh', () => {
  let daemon: SessionDaemon;
  let ssh: FakeSSH;

  beforeAll(async () => {
    daemon = await SessionDaemon.start();
    const environment = Object.entries(daemon.env).map(([name, value]) => `${name}='${value}'`);
    const [file, args] = daemon.command('sh', '-c', '"$1"');
    ssh = await FakeSSH.make(`exec env -i ${[...environment, file, ...args].join(' ')}`);
  });
  afterAll(async () => {
    await ssh?.remove();
    await daemon?.remove();
  });

  it.each([
    ['libvirt’s helper', () => 'proxy=native'],
    ['whatever is there', () => 'proxy=auto'],
    ['netcat', () => `netcat=${ssh.netcat}&socket=${daemon.socket}`],
  ])('is reached by %s', async (_what, way) => {
    const connection = await connect(`qemu+ssh://far/session?command=${ssh.command}&${way()}`);
    try {
      expect(await connection.getURI()).toBe('qemu:///session');
      expect(await connection.listAllDomains()).toEqual([]);
    } finally {
      await connection.close();
    }
  });

  it('refuses what it has no driver for', async () => {
    const uri = `nosuch+ssh://far/session?command=${ssh.command}&proxy=native`;
    await expect(connect(uri)).rejects.toBeInstanceOf(Error);
  });
});
