/** An installation medium that installs a tiny system in seconds, laid out as those of Debian and Fedora are. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildCpio } from '../../../src-main/adapters/media/cpio.ts';
import { collectModules } from '../../../src-main/adapters/media/kernel-modules.ts';
import { xorriso } from '../../../src-main/adapters/media/test-tools.ts';
import { findTryoutParts } from '../../../src-main/adapters/media/tryout-parts.ts';
import { buildBootableDisk } from '../../fixtures/bootable-disk.ts';
import { cached, contentKey } from '../../fixtures/fixture-cache.ts';
import { buildTryoutFiles } from '../../fixtures/index.ts';

type Layout = { kernel: string; initrd: string; mark: { path: string; content: string } };

const LAYOUTS = {
  debian: {
    kernel: 'install.amd/vmlinuz',
    initrd: 'install.amd/initrd.gz',
    mark: { path: '.disk/info', content: 'Debian GNU/Linux 12.5.0 "Bookworm" - for tests\n' },
  },
  fedora: {
    kernel: 'images/pxeboot/vmlinuz',
    initrd: 'images/pxeboot/initrd.img',
    mark: { path: '.treeinfo', content: '[release]\nname = Fedora 40\n' },
  },
} satisfies Record<string, Layout>;

const MODULES = [
  ...['virtio_pci', 'virtio_blk', 'virtio_console', 'virtio_scsi', 'sd_mod', 'sr_mod', 'isofs'],
  ...['nls_utf8', 'button', 'evdev', 'crc32c_generic', 'ext4'],
];
const INIT = join(import.meta.dirname, 'init');
const run = (command: string, ...args: string[]) =>
  promisify(execFile)(command, args, { timeout: 300_000 });

async function parts() {
  const found = await findTryoutParts();
  if (!found.ok) throw new Error(found.reasons.map(({ message }) => message).join('\n'));
  return found.parts;
}

/** Unpacked over the try-out guest's initrd: another first process, what it installs, and what it takes to mount ext4. */
async function installerOverlay(work: string): Promise<Buffer> {
  const { modulesDir } = await parts();
  const modules = modulesDir === undefined ? [] : await collectModules(modulesDir, MODULES);
  const { cmdline } = await buildTryoutFiles();
  const file = (path: string, content: Uint8Array, mode = 0o644) => ({
    kind: 'file' as const,
    path,
    content,
    mode,
  });
  const names = modules.map(({ name }) => `${name}\n`).join('');
  return gzipSync(
    buildCpio([
      file('init', await readFile(INIT), 0o755),
      file('cmdline', Buffer.from(cmdline)),
      file('system.img.gz', await buildSystem(work)),
      file('etc/modules', Buffer.from(names)),
      ...modules.map(({ name, content }) => file(`lib/modules/${name}.ko`, content)),
    ]),
    { level: 1 },
  );
}

/** The try-out guest on a disk whose boot loader finds no configuration: that is the installer's to write. */
async function buildSystem(work: string): Promise<Buffer> {
  const files = await buildTryoutFiles();
  const tree = join(work, 'tree');
  for (const folder of ['bin', 'boot/grub', 'etc', 'home', 'root', 'var/lib']) {
    await mkdir(join(tree, folder), { recursive: true });
  }
  await copyFile(files.kernel, join(tree, 'boot/vmlinuz'));
  await copyFile(files.initrd, join(tree, 'boot/initrd'));
  await copyFile((await parts()).busyboxPath, join(tree, 'bin/busybox'));
  await symlink('busybox', join(tree, 'bin/sh'));
  const disk = join(work, 'system.qcow2');
  const grubCommands = ['configfile /boot/grub/grub.cfg'];
  await buildBootableDisk({ tree, label: 'berth-test', grubCommands, spareMiB: 8, output: disk });
  const raw = join(work, 'system.img');
  await run('qemu-img', 'convert', '-O', 'raw', disk, raw);
  return gzipSync(await readFile(raw), { level: 1 });
}

async function writeMedium({ kernel, initrd, mark }: Layout, output: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'berth-medium-'));
  try {
    const root = join(work, 'root');
    const at = (path: string) => join(root, path);
    for (const path of [kernel, initrd, mark.path]) {
      await mkdir(dirname(at(path)), { recursive: true });
    }
    const files = await buildTryoutFiles();
    await copyFile(files.kernel, at(kernel));
    const both = [await readFile(files.initrd), await installerOverlay(work)];
    await writeFile(at(initrd), Buffer.concat(both));
    await writeFile(at(mark.path), mark.content);
    xorriso('-as', 'mkisofs', '-quiet', '-R', '-V', 'BERTH-TEST', '-o', output, root);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * The path of the medium, built once. Its installer takes the family's answers from where that family takes them, and
 * holds a machine whose name begins with `held` until its power button is pressed.
 */
export async function buildInstallerMedium(family: keyof typeof LAYOUTS): Promise<string> {
  const layout = LAYOUTS[family];
  const { sha256 } = await buildTryoutFiles();
  const sources = await Promise.all([INIT, import.meta.filename].map((path) => readFile(path)));
  const texts = sources.map((source) => source.toString());
  const key = await contentKey(sha256.kernel, sha256.initrd, ...texts);
  return await cached(`installer-${family}-${key}.iso`, (output) => writeMedium(layout, output));
}
