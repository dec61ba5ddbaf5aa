import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathAccess } from '../../../src-main/adapters/system/path-access.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-access-'));
  chmodSync(root, 0o755);
  mkdirSync(join(root, 'home/pool'), { recursive: true });
  writeFileSync(join(root, 'passwd'), 'root:x:0:0::/:\nlibvirt-qemu:x:64055:64055::/:\n');
  writeFileSync(join(root, 'group'), `kvm:x:106:libvirt-qemu\nstaff:x:${gid}:libvirt-qemu,ada\n`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const gid = 50_123;

const access = (more: { apparmor?: string; selinux?: string } = {}) =>
  pathAccess({
    passwd: join(root, 'passwd'),
    group: join(root, 'group'),
    apparmor: join(root, 'apparmor'),
    selinux: join(root, 'selinux'),
    ...more,
  });

describe('the way to a path', () => {
  it('is free where every folder may be searched', async () => {
    expect(await access().blockedAt(join(root, 'home/pool'), 'system')).toBeNull();
    expect(await access().blockedAt(join(root, 'home/pool/not-there'), 'system')).toBeNull();
  });

  it('ends at the first folder that QEMU’s user may not search', async () => {
    chmodSync(join(root, 'home'), 0o750);
    expect(await access().blockedAt(join(root, 'home/pool'), 'system')).toEqual({
      folder: join(root, 'home'),
      user: 'libvirt-qemu',
    });
  });

  it.runIf(process.geteuid?.() === 0)('counts the groups of the user', async () => {
    chownSync(join(root, 'home'), 0, gid);
    chmodSync(join(root, 'home'), 0o710);
    expect(await access().blockedAt(join(root, 'home/pool'), 'system')).toBeNull();
  });

  it('is not judged where nobody knows QEMU’s user', async () => {
    writeFileSync(join(root, 'passwd'), '');
    chmodSync(join(root, 'home'), 0o700);
    expect(await access().blockedAt(join(root, 'home/pool'), 'system')).toBeNull();
  });

  it('may be watched by a security module', async () => {
    expect(await access().confinement()).toBeNull();
    writeFileSync(join(root, 'selinux'), '1');
    expect(await access().confinement()).toBe('selinux');
    writeFileSync(join(root, 'apparmor'), 'Y\n');
    expect(await access().confinement()).toBe('apparmor');
  });
});
