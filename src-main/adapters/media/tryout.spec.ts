import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInPath } from './test-tools.ts';
import { buildTryout } from './tryout.ts';
import { findTryoutParts } from './tryout-parts.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-tryout-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: Uint8Array, mode = 0o644): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content, { mode });
  return full;
}

/** The part of a bzImage that names its version. */
function kernel(version: string): Buffer {
  const bytes = Buffer.alloc(2048);
  bytes.write('HdrS', 0x202);
  bytes.writeUInt16LE(0x300, 0x20e);
  bytes.write(`${version} (root@host) #1`, 0x500);
  return bytes;
}

const elf = (programHeaderType: number, machine = 62): Buffer => {
  const bytes = Buffer.alloc(256);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(programHeaderType, 64);
  return bytes;
};

const module = (depends: string): Buffer =>
  Buffer.from(`\x7fELF code\0license=GPL\0depends=${depends}\0name=x\0`, 'latin1');

const busybox = (): string => put('tools/busybox', elf(1), 0o755);

describe('findTryoutParts', () => {
  it('gives a reason with a hint for each missing part', async () => {
    const found = await findTryoutParts({
      kernelRoots: [root],
      busyboxPaths: [join(root, 'busybox')],
    });
    if (found.ok) throw new Error('nothing was there to be found');
    expect(found.reasons.map((reason) => reason.code)).toEqual([
      'tryout_no_kernel',
      'tryout_no_busybox',
    ]);
    expect(found.reasons[0]?.hint).toContain('linux-image-cloud-amd64');
    expect(found.reasons[1]?.hint).toContain('busybox-static');
  });

  it('takes the newest kernel that has its modules, wherever the distribution puts it', async () => {
    put('boot/vmlinuz-6.9.1', kernel('6.9.1'));
    put('lib/modules/6.9.1/kernel/x.ko', module(''));
    put('usr/lib/modules/6.10.2-arch1/vmlinuz', kernel('6.10.2-arch1'));
    put('usr/lib/modules/6.10.2-arch1/kernel/x.ko', module(''));
    put('boot/vmlinuz-linux', kernel('7.0.0'));
    const found = await findTryoutParts({
      kernelRoots: [join(root, 'nowhere'), root],
      busyboxPaths: [busybox()],
    });
    expect(found).toEqual({
      ok: true,
      parts: {
        kernelPath: join(root, 'usr/lib/modules/6.10.2-arch1/vmlinuz'),
        kernelVersion: '6.10.2-arch1',
        modulesDir: join(root, 'usr/lib/modules/6.10.2-arch1'),
        busyboxPath: join(root, 'tools/busybox'),
      },
    });
  });

  it('takes neither a text file for a kernel nor a program that needs a loader for busybox', async () => {
    put('boot/vmlinuz-1', Buffer.from('not a kernel'));
    const dynamic = put('dynamic', elf(3), 0o755);
    const arm = put('arm', elf(1, 183), 0o755);
    const plain = put('plain', elf(1), 0o644);
    const found = await findTryoutParts({
      kernelRoots: [root],
      busyboxPaths: [dynamic, arm, root, plain],
    });
    expect(found.ok ? [] : found.reasons.map((reason) => reason.code)).toEqual([
      'tryout_no_kernel',
      'tryout_no_busybox',
    ]);
  });
});

describe('buildTryout', () => {
  const parts = () => {
    const kernelPath = put('boot/vmlinuz-6.1.0', kernel('6.1.0'));
    put('lib/modules/6.1.0/kernel/a/virtio_pci.ko', module('virtio-ring'));
    put('lib/modules/6.1.0/kernel/b/virtio-ring.ko.gz', gzipSync(module('virtio')));
    put('lib/modules/6.1.0/kernel/c/virtio.ko.zst', zstdCompressSync(module('')));
    put('lib/modules/6.1.0/kernel/d/unwanted.ko', module(''));
    return {
      kernelPath,
      kernelVersion: '6.1.0',
      modulesDir: join(root, 'lib/modules/6.1.0'),
      busyboxPath: busybox(),
    };
  };

  it('puts modules in an order in which they can be loaded, decompressed', async () => {
    const built = await buildTryout({ parts: parts(), outDir: join(root, 'out') });
    const archive = gunzipSync(readFileSync(built.initrd)).toString('latin1');
    expect(archive).toContain('virtio\nvirtio_ring\nvirtio_pci\n');
    expect(archive).toContain('lib/modules/virtio.ko\0');
    expect(archive).not.toContain('unwanted');
    expect(archive).toContain('org.berth.progress.0');
    expect(readFileSync(built.kernel).equals(kernel('6.1.0'))).toBe(true);
    expect(built.kernelVersion).toBe('6.1.0');
  });

  it('reuses a build with the same content and makes a new one for another', async () => {
    const options = { parts: parts(), outDir: join(root, 'out') };
    const first = await buildTryout(options);
    const second = await buildTryout(options);
    expect(second).toEqual({ ...first, cached: true });
    expect(first.cached).toBe(false);
    const initPath = put('init', Buffer.from('#!/bin/sh\n'));
    const other = await buildTryout({ ...options, initPath });
    expect(other.initrd).not.toBe(first.initrd);
    expect(other.kernel).toBe(first.kernel);
    expect(first.sha256.initrd).toBe(
      execFileSync('sha256sum', [first.initrd], { encoding: 'utf8' }).slice(0, 64),
    );
  });

  it('remembers a build no longer than what it was made from, and into, is there', async () => {
    const options = { parts: parts(), outDir: join(root, 'out') };
    const first = await buildTryout(options);
    writeFileSync(options.parts.kernelPath, Buffer.concat([kernel('6.1.0'), Buffer.from('new')]));
    const updated = await buildTryout(options);
    expect(updated.kernel).not.toBe(first.kernel);
    rmSync(updated.initrd);
    const again = await buildTryout(options);
    expect(again).toEqual(updated);
    expect(statSync(again.initrd).size).toBeGreaterThan(0);
  });

  it('names a module that cannot be read', async () => {
    const all = parts();
    put('lib/modules/6.1.0/kernel/b/virtio-ring.ko.gz', Buffer.from('not gzip'));
    await expect(buildTryout({ parts: all, outDir: join(root, 'out') })).rejects.toMatchObject({
      code: 'tryout_module_unreadable',
      message: expect.stringContaining('virtio-ring.ko.gz'),
    });
  });

  it('leaves nothing when it is cancelled', async () => {
    const build = buildTryout({
      parts: parts(),
      outDir: join(root, 'out'),
      signal: AbortSignal.abort(),
    });
    await expect(build).rejects.toMatchObject({ code: 'cancelled' });
    expect(() => statSync(join(root, 'out'))).toThrow();
  });
});

describe('tryout-init', () => {
  const init = join(import.meta.dirname, '../../../resources/guest/tryout-init');

  it.skipIf(!findInPath('busybox'))('is a script that the shell it runs in can parse', () => {
    const copy = join(root, 'init');
    copyFileSync(init, copy);
    chmodSync(copy, 0o644);
    expect(() => execFileSync('busybox', ['sh', '-n', copy], { stdio: 'pipe' })).not.toThrow();
  });
});
