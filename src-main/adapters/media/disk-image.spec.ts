import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectDiskImage, sha256File } from './disk-image.ts';
import { buildIso9660 } from './iso9660.ts';
import { MediaError } from './media-error.ts';
import { findInPath } from './test-tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileWith(content: Uint8Array): string {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
}

/** A qcow2 version 3 file with one empty table. */
function qcow2(change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.alloc(4 * 65536);
  bytes.write('QFI\xfb', 'latin1');
  bytes.writeUInt32BE(3, 4);
  bytes.writeUInt32BE(16, 20);
  bytes.writeBigUInt64BE(1n << 30n, 24);
  bytes.writeUInt32BE(2, 36);
  bytes.writeBigUInt64BE(65536n, 40);
  bytes.writeUInt32BE(104, 100);
  change(bytes);
  return bytes;
}

function rawDisk(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1024 * 1024);
  change(bytes);
  return bytes;
}

const mbr = rawDisk((bytes) => {
  bytes.writeUInt8(0x83, 446 + 4);
  bytes.writeUInt32LE(2048, 446 + 8);
  bytes.writeUInt32LE(100, 446 + 12);
  bytes.writeUInt16LE(0xaa55, 510);
});

async function codeOf(content: Uint8Array): Promise<string> {
  try {
    return (await inspectDiskImage(fileWith(content))).content;
  } catch (error) {
    if (error instanceof MediaError) return error.code;
    throw error;
  }
}

describe('inspectDiskImage', () => {
  it('reads a qcow2 header', async () => {
    await expect(inspectDiskImage(fileWith(qcow2()))).resolves.toEqual({
      format: 'qcow2',
      virtualSize: 2 ** 30,
      fileSize: 4 * 65536,
      content: 'qcow2',
    });
  });

  it('knows raw disks by their partition table or file system', async () => {
    await expect(inspectDiskImage(fileWith(mbr))).resolves.toEqual({
      format: 'raw',
      virtualSize: 1024 * 1024,
      fileSize: 1024 * 1024,
      content: 'mbr',
    });
    expect(await codeOf(rawDisk((bytes) => bytes.write('EFI PART', 512)))).toBe('gpt');
    expect(await codeOf(rawDisk((bytes) => bytes.writeUInt16LE(0xef53, 1080)))).toBe('ext');
    expect(await codeOf(rawDisk((bytes) => bytes.write('XFSB')))).toBe('xfs');
  });

  it.each<[string, string, Uint8Array]>([
    ['an empty file', 'image_empty', Buffer.alloc(0)],
    ['one byte', 'image_unrecognised', Buffer.alloc(1)],
    ['zeros', 'image_unrecognised', Buffer.alloc(100_000)],
    ['random bytes', 'image_unrecognised', Buffer.alloc(100_000, randomBytes(509))],
    [
      'a boot signature with no partition',
      'image_unrecognised',
      rawDisk((b) => b.writeUInt16LE(0xaa55, 510)),
    ],
    ['a web page', 'image_unrecognised', Buffer.from('<!DOCTYPE html><html>404</html>')],
    ['LUKS', 'image_encrypted', rawDisk((b) => b.write('LUKS\xba\xbe', 'latin1'))],
    ['qcow 1', 'image_unsupported_format', qcow2((b) => b.writeUInt32BE(1, 4))],
    ['qcow 4', 'image_unsupported_format', qcow2((b) => b.writeUInt32BE(4, 4))],
    ['a backing file', 'image_backing_file', qcow2((b) => b.writeBigUInt64BE(512n, 8))],
    ['an external data file', 'image_backing_file', qcow2((b) => b.writeBigUInt64BE(4n, 72))],
    ['AES', 'image_encrypted', qcow2((b) => b.writeUInt32BE(1, 32))],
    ['LUKS inside qcow2', 'image_encrypted', qcow2((b) => b.writeUInt32BE(2, 32))],
    ['the corrupt mark', 'image_malformed', qcow2((b) => b.writeBigUInt64BE(2n, 72))],
    [
      'an unknown feature',
      'image_unsupported_format',
      qcow2((b) => b.writeBigUInt64BE(1n << 40n, 72)),
    ],
    ['tiny clusters', 'image_malformed', qcow2((b) => b.writeUInt32BE(3, 20))],
    ['huge clusters', 'image_malformed', qcow2((b) => b.writeUInt32BE(0xffffffff, 20))],
    ['no size', 'image_malformed', qcow2((b) => b.writeBigUInt64BE(0n, 24))],
    [
      'an absurd size',
      'image_malformed',
      qcow2((b) => b.writeBigUInt64BE(0xffffffffffffffffn, 24)),
    ],
    ['a huge table', 'image_malformed', qcow2((b) => b.writeUInt32BE(0xffffffff, 36))],
    ['a table beyond the end', 'image_malformed', qcow2((b) => b.writeBigUInt64BE(1n << 40n, 40))],
    ['a misplaced table', 'image_malformed', qcow2((b) => b.writeBigUInt64BE(100n, 40))],
    [
      'data beyond the end',
      'image_malformed',
      qcow2((b) => {
        b.writeBigUInt64BE(131072n | (1n << 63n), 65536);
        b.writeBigUInt64BE(1n << 30n, 131072);
      }),
    ],
    ['half a header', 'image_malformed', qcow2().subarray(0, 40)],
    ['a version 3 header of version 2 length', 'image_malformed', qcow2().subarray(0, 80)],
  ])('answers %s with %s', async (_, code, content) => {
    expect(await codeOf(content)).toBe(code);
  });

  it.each<[string, Uint8Array]>([
    ['ISO 9660', buildIso9660({ volumeLabel: 'x', files: [] })],
    ['VMDK', Buffer.from('KDMV\x01\0\0\0')],
    ['VHDX', Buffer.from('vhdxfile')],
    ['VDI', Buffer.concat([Buffer.alloc(64), Buffer.from('7f10dabe', 'hex')])],
    ['gzip', gzipSync('hello')],
    ['xz', Buffer.from('fd377a585a00', 'hex')],
    ['zstd', Buffer.from('28b52ffd', 'hex')],
  ])('names %s in the error and says what to do', async (name, content) => {
    await expect(inspectDiskImage(fileWith(content))).rejects.toMatchObject({
      code: 'image_unsupported_format',
      message: expect.stringContaining(name),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('refuses a folder, a device and a missing file at once', async () => {
    for (const path of [folder, '/dev/zero', join(folder, 'nowhere')]) {
      await expect(inspectDiskImage(path)).rejects.toMatchObject({ code: 'image_unreadable' });
    }
  });

  it('never fails in another way than with a code, whatever the bytes', async () => {
    const path = join(folder, 'fuzz');
    for (let round = 0; round < 400; round++) {
      const bytes = round % 2 === 0 ? qcow2() : Buffer.from(mbr.subarray(0, 70_000));
      for (let i = 0; i < 1 + (round % 12); i++) {
        bytes.writeUInt8(randomBytes(1).readUInt8(0), 4 + (randomBytes(2).readUInt16LE(0) % 600));
      }
      writeFileSync(path, bytes.subarray(0, 1 + (randomBytes(3).readUIntLE(0, 3) % bytes.length)));
      const outcome = await inspectDiskImage(path).catch((error: unknown) => error);
      if (outcome instanceof Error)
        expect(outcome, bytes.toString('hex', 0, 600)).toBeInstanceOf(MediaError);
      else expect(outcome).toHaveProperty('virtualSize');
    }
  });

  describe.skipIf(!findInPath('qemu-img'))('files that qemu-img makes', () => {
    const create = (name: string, ...args: string[]): string => {
      const path = join(folder, name);
      execFileSync('qemu-img', [...args, path]);
      return path;
    };

    it.each([
      ['compat=0.10', 65536],
      ['compat=1.1,lazy_refcounts=on,extended_l2=on', 65536],
      ['cluster_size=512', 512],
      ['cluster_size=2M', 2097152],
      ['compression_type=zstd', 65536],
    ])(
      'accepts qcow2 with %s, compressed and full, and notices that its end is missing',
      async (option) => {
        const source = fileWith(Buffer.concat([mbr, randomBytes(3 * 1024 * 1024)]));
        for (const compress of [[], ['-c']]) {
          const path = join(folder, `made-${files++}.qcow2`);
          execFileSync('qemu-img', [
            'convert',
            ...['-t', 'unsafe'],
            ...compress,
            '-f',
            'raw',
            '-O',
            'qcow2',
            '-o',
            option,
            source,
            path,
          ]);
          await expect(inspectDiskImage(path)).resolves.toMatchObject({
            format: 'qcow2',
            virtualSize: 4 * 1024 * 1024,
          });
          truncateSync(path, 2 * 1024 * 1024);
          await expect(inspectDiskImage(path)).rejects.toMatchObject({ code: 'image_malformed' });
        }
      },
    );

    it('refuses an overlay and names other formats', async () => {
      const base = create('base.qcow2', 'create', '-q', '-f', 'qcow2', '-o', 'size=1M');
      const overlay = join(folder, 'overlay.qcow2');
      execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base, '-F', 'qcow2', overlay]);
      await expect(inspectDiskImage(overlay)).rejects.toMatchObject({ code: 'image_backing_file' });
      for (const [format, name] of [
        ['vmdk', 'VMDK'],
        ['vdi', 'VDI'],
        ['vhdx', 'VHDX'],
      ] as const) {
        const path = join(folder, `other.${format}`);
        execFileSync('qemu-img', ['create', '-q', '-f', format, path, '8M']);
        await expect(inspectDiskImage(path)).rejects.toMatchObject({
          message: expect.stringContaining(name),
        });
      }
    });
  });
});

describe('sha256File', () => {
  const content = randomBytes(5 * 1024 * 1024);

  it('gives the digest and reports the end', async () => {
    const path = fileWith(content);
    const seen: number[] = [];
    const digest = await sha256File(path, { onProgress: (done) => seen.push(done) });
    expect(digest).toBe(execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64));
    expect(seen.at(-1)).toBe(content.length);
    expect(readFileSync(path).equals(content)).toBe(true);
  });

  it('stops when it is cancelled, before and during the work', async () => {
    const path = fileWith(content);
    await expect(sha256File(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const controller = new AbortController();
    const hashing = sha256File(path, { signal: controller.signal });
    controller.abort();
    await expect(hashing).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says when the file is not there', async () => {
    await expect(sha256File(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'image_unreadable',
    });
  });
});
