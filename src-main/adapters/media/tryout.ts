import { createHash, randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { buildCpio, type CpioEntry } from './cpio.ts';
import { collectModules } from './kernel-modules.ts';
import { throwIfCancelled } from './media-error.ts';
import type { TryoutParts } from './tryout-parts.ts';

export type BuildTryoutOptions = {
  readonly parts: TryoutParts;
  /** Folder for the results; it is made when missing. A finished result with the same content is reused. */
  readonly outDir: string;
  /** The guest's first process; default: `resources/guest/tryout-init` of this installation. */
  readonly initPath?: string;
  readonly signal?: AbortSignal;
};

export type TryoutFiles = {
  /** Absolute paths. */
  readonly kernel: string;
  readonly initrd: string;
  /** Kernel command line; add `berth.name=NAME` to have the guest show a name that no seed gives it. */
  readonly cmdline: string;
  /** Hexadecimal digests of the two files. */
  readonly sha256: { readonly kernel: string; readonly initrd: string };
  readonly kernelVersion: string;
  /** True when an earlier build was reused. */
  readonly cached: boolean;
};

export const TRYOUT_CMDLINE = 'console=ttyS0,115200 console=tty0 quiet loglevel=3 panic=-1';

const MODULES = [
  ...['virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_console', 'virtio_scsi'],
  ...['sd_mod', 'sr_mod', 'ahci', 'isofs', 'nls_utf8', 'e1000e', 'button', 'evdev'],
];
const FOLDERS = [
  'bin',
  'dev',
  'etc',
  'lib',
  'lib/modules',
  'mnt',
  'proc',
  'root',
  'run',
  'sys',
  'tmp',
];

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

async function findInit(): Promise<string> {
  let folder: string = import.meta.dirname;
  for (;;) {
    const path = join(folder, 'resources/guest/tryout-init');
    if ((await exists(path)) || dirname(folder) === folder) return path;
    folder = dirname(folder);
  }
}

async function listEntries(options: BuildTryoutOptions): Promise<CpioEntry[]> {
  const { parts, signal } = options;
  const modules =
    parts.modulesDir === undefined ? [] : await collectModules(parts.modulesDir, MODULES, signal);
  const file = (path: string, content: Uint8Array, mode = 0o644): CpioEntry => ({
    kind: 'file',
    path,
    content,
    mode,
  });
  return [
    ...FOLDERS.map((path): CpioEntry => ({ kind: 'directory', path })),
    { kind: 'character-device', path: 'dev/console', major: 5, minor: 1 },
    file('bin/busybox', await readFile(parts.busyboxPath), 0o755),
    { kind: 'symlink', path: 'bin/sh', target: 'busybox' },
    file('init', await readFile(options.initPath ?? (await findInit())), 0o755),
    file('etc/passwd', Buffer.from('root::0:0:root:/root:/bin/sh\n')),
    file('etc/group', Buffer.from('root:x:0:\n')),
    file('etc/modules', Buffer.from(modules.map((module) => `${module.name}\n`).join(''))),
    ...modules.map((module) => file(`lib/modules/${module.name}.ko`, module.content)),
  ];
}

/** Writes beside the target and renames, so that a reader never sees half a file. */
async function publish(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await write(temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Assembles the try-out guest: the host's kernel and an initrd with busybox, the needed modules and `resources/guest/tryout-init`.
 * Needs no privilege. The results' names carry a digest of their content: a second build reuses them.
 * Throws {@link MediaError}: `tryout_module_unreadable`, `cancelled`.
 */
export async function buildTryout(options: BuildTryoutOptions): Promise<TryoutFiles> {
  const { parts, signal } = options;
  throwIfCancelled(signal);
  const outDir = resolve(options.outDir);
  await mkdir(outDir, { recursive: true });
  const made = await remembered(options, outDir);
  if (made !== null) return made;
  const identity = await identityOf(options);
  const archive = buildCpio(await listEntries(options));
  const kernelDigest = sha256(await readFile(parts.kernelPath));
  const kernel = join(outDir, `tryout-${kernelDigest.slice(0, 16)}.vmlinuz`);
  const initrd = join(outDir, `tryout-${sha256(archive).slice(0, 16)}.initrd`);
  const cached = (await exists(kernel)) && (await exists(initrd));
  if (!cached) {
    const packed = await promisify(gzip)(archive);
    throwIfCancelled(signal);
    await publish(initrd, (temporary) => writeFile(temporary, packed));
    await publish(kernel, (temporary) => copyFile(parts.kernelPath, temporary));
  }
  const files: TryoutFiles = {
    kernel,
    initrd,
    cmdline: TRYOUT_CMDLINE,
    sha256: { kernel: kernelDigest, initrd: sha256(await readFile(initrd)) },
    kernelVersion: parts.kernelVersion,
    cached,
  };
  builds.set(outDir, { identity, results: await stampsOf([kernel, initrd]), files });
  return files;
}

interface Build {
  /** Of what it was made from. */
  identity: string;
  /** Of what it was made into. */
  results: string;
  files: TryoutFiles;
}

/** The last build for each folder, so that kernel and modules are not read and hashed for every machine. */
const builds = new Map<string, Build>();

async function remembered(
  options: BuildTryoutOptions,
  outDir: string,
): Promise<TryoutFiles | null> {
  const build = builds.get(outDir);
  if (build === undefined) return null;
  const { kernel, initrd } = build.files;
  const [identity, results] = await Promise.all([identityOf(options), stampsOf([kernel, initrd])]);
  return identity === build.identity && results === build.results
    ? { ...build.files, cached: true }
    : null;
}

/** A kernel package that is updated changes the modules' folder with the kernel. */
async function identityOf({ parts, initPath }: BuildTryoutOptions): Promise<string> {
  const { kernelPath, busyboxPath, modulesDir, kernelVersion } = parts;
  const init = initPath ?? (await findInit());
  const index = modulesDir === undefined ? [] : [modulesDir, join(modulesDir, 'modules.dep')];
  return `${kernelVersion} ${await stampsOf([kernelPath, busyboxPath, init, ...index])}`;
}

/** Size, time of change and inode of each file; a file that is written anew has other ones. */
async function stampsOf(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path, { bigint: true }).catch(() => null);
      return `${path}:${found?.size}:${found?.mtimeNs}:${found?.ino}`;
    }),
  );
  return stamps.join(' ');
}
