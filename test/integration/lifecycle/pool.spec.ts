import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Berth, compose } from '../../../src-main/compose.ts';
import { startRootDaemon, type TestDaemon } from '../../support/daemon/index.ts';

const FOLDER = '/var/lib/libvirt/images/berth';

describe('the pool on a real daemon', () => {
  const home = mkdtempSync(join(tmpdir(), 'berth-pool-'));
  let daemon: TestDaemon;
  let berth: Berth;
  beforeAll(async () => {
    daemon = await startRootDaemon();
    berth = await compose({ home, uri: daemon.uri });
    await berth.connect();
  });
  afterAll(async () => {
    await daemon?.exec('umount', FOLDER);
    await berth?.close();
    await daemon?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const run = async (command: string, ...args: string[]) => {
    const { code, stderr } = await daemon.exec(command, ...args);
    expect({ command, code, stderr }).toMatchObject({ code: 0 });
  };

  it('is mended: stopped, without its folder, without autostart', async () => {
    const { hypervisor } = berth.ports;
    await hypervisor.ensurePool('berth');
    await run('rmdir', FOLDER);
    await daemon.virsh('pool-autostart', '--disable', 'berth');
    expect((await hypervisor.ensurePool('berth')).pool.active).toBe(true);
    await run('test', '-d', FOLDER);
    expect(await daemon.virsh('pool-info', 'berth')).toMatch(/Autostart: +yes/);
    await daemon.virsh('pool-destroy', 'berth');
    await run('rmdir', FOLDER);
    await berth.applyFix({ action: 'start-pool', label: 'Start the pool', pool: 'berth' });
    expect(await daemon.virsh('pool-info', 'berth')).toMatch(/State: +running/);
  });

  it('that fills up during a creation fails it, and nothing stays', async () => {
    const { hypervisor } = berth.ports;
    await run('mount', '-t', 'tmpfs', '-o', 'size=64M', 'tmpfs', FOLDER);
    const { uploadVolume } = hypervisor;
    // Between the check and the copy somebody else takes what was free.
    hypervisor.uploadVolume = async (...args) => {
      await daemon.exec('dd', 'if=/dev/zero', `of=${FOLDER}/theirs`, 'bs=1M', 'count=64');
      return uploadVolume(...args);
    };
    const { creationId } = await berth.creations.start({
      templateId: 'tryout',
      name: 'Full',
      departmentId: 'personal',
      sshKeys: [],
      overrides: { network: { kind: 'none' } },
      applications: [],
      gpus: [],
      priority: 0,
    });
    const creation = await berth.creations.settled(creationId, 'ready');
    expect(creation).toMatchObject({
      state: 'failed',
      error: { code: 'disk_full', stage: 'storage' },
    });
    expect(creation.undone.every(({ verified }) => verified)).toBe(true);
    expect((await daemon.exec('ls', FOLDER)).stdout.trim()).toBe('theirs');
    const { domains, volumes } = await daemon.listOutside();
    expect({ domains, volumes }).toEqual({ domains: [], volumes: ['berth/theirs'] });
    expect(berth.ports.store.machines.list()).toEqual([]);
  });
});
