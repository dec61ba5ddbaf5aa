import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src-main/adapters/system/system-clock.ts';
import { createSystem } from '../../../src-main/adapters/system/system-facts.ts';
import { systemIds } from '../../../src-main/adapters/system/system-ids.ts';

vi.setConfig({ testTimeout: 30_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-system-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the identity of a process', () => {
  it('is alive for this one, and not for another start, boot or pid', () => {
    const system = createSystem();
    const me = system.self();
    expect(me.pid).toBe(process.pid);
    expect(me.startTime).toMatch(/^[1-9]\d*$/);
    expect(me.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(system.isAlive(me)).toBe(true);
    expect(system.isAlive({ ...me, startTime: `${BigInt(me.startTime) + 1n}` })).toBe(false);
    expect(system.isAlive({ ...me, bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false);
    expect(system.isAlive({ ...me, pid: 2 ** 22 + 1 })).toBe(false);
    expect(system.isAlive({ ...me, pid: process.ppid })).toBe(false);
  });

  it('reads the start time of a process whose name has blanks and parentheses', async () => {
    const odd = join(folder, 'a) b (c');
    execFileSync('cp', ['/bin/sleep', odd]);
    const child = spawn(odd, ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const system = createSystem();
    const stat = execFileSync('cat', [`/proc/${child.pid}/stat`], { encoding: 'utf8' });
    const startTime = stat.split(') ').at(-1)?.split(' ')[19] ?? '';
    const identity = { ...system.self(), pid: child.pid ?? 0, startTime };
    expect(system.isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(system.isAlive(identity)).toBe(false);
  });
});

describe('facts of the system', () => {
  it('knows what is free where a file could be written, also below a folder that is to be made', async () => {
    const system = createSystem();
    const { bavail, bsize } = statfsSync(folder);
    const free = (await system.diskSpace(join(folder, 'not', 'yet')))?.freeBytes ?? 0;
    expect(Math.abs(free - bavail * bsize)).toBeLessThan(1024 ** 3);
    expect(await system.diskSpace('/proc/self/stat/below-a-file')).toBeNull();
  });

  it('knows memory and user', () => {
    const system = createSystem();
    expect(system.availableMemoryBytes()).toBeGreaterThan(0);
    expect(system.availableMemoryBytes()).toBeLessThanOrEqual(totalmem());
    expect(system.userName()).toBe(userInfo().username);
  });

  it('finds public keys and nothing else', async () => {
    const ssh = join(folder, '.ssh');
    mkdirSync(ssh);
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEy1 ada@engine';
    writeFileSync(join(ssh, 'id_ed25519.pub'), `# mine\n${key}\n`);
    writeFileSync(join(ssh, 'a.pub'), 'ecdsa-sha2-nistp256 AAAAE2VjZHNh');
    writeFileSync(join(ssh, 'id_ed25519'), '-----BEGIN OPENSSH PRIVATE KEY-----');
    writeFileSync(join(ssh, 'private.pub'), '-----BEGIN OPENSSH PRIVATE KEY-----');
    writeFileSync(join(ssh, 'huge.pub'), `${key}${'x'.repeat(20_000)}`);
    mkdirSync(join(ssh, 'folder.pub'));
    execFileSync('mkfifo', [join(ssh, 'pipe.pub')]);
    expect(await createSystem({ home: folder }).sshPublicKeys()).toEqual([
      { name: 'a.pub', key: 'ecdsa-sha2-nistp256 AAAAE2VjZHNh' },
      { name: 'id_ed25519.pub', key },
    ]);
    expect(await createSystem({ home: join(folder, 'none') }).sshPublicKeys()).toEqual([]);
  });
});

describe('the clock', () => {
  it('sleeps at least as long as asked', async () => {
    const start = systemClock.monotonic();
    await systemClock.sleep(30);
    expect(systemClock.monotonic() - start).toBeGreaterThanOrEqual(29);
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  it('wakes with the reason of an abort, before or while it sleeps, even from a very long sleep', async () => {
    const reason = new Error('cancelled');
    await expect(systemClock.sleep(0, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleep = systemClock.sleep(2 ** 40, controller.signal);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
  });
});

describe('ids', () => {
  it('are UUIDs and random bytes', () => {
    expect(systemIds.uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(systemIds.bytes(16)).toHaveLength(16);
    expect(systemIds.bytes(16)).not.toEqual(systemIds.bytes(16));
  });
});
