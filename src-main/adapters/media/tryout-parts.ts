import { access, constants, open, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { MediaError } from './media-error.ts';

/** The host's files that the try-out guest is made of. */
export type TryoutParts = {
  readonly kernelPath: string;
  /** As in the name of the modules folder, for example `6.1.0-56-amd64`. */
  readonly kernelVersion: string;
  /** `…/lib/modules/VERSION`; absent when the kernel has no modules. */
  readonly modulesDir?: string;
  readonly busyboxPath: string;
};

export type FindTryoutPartsOptions = {
  /** Folders laid out like `/` (`boot/`, `lib/modules/`); the first that has a kernel wins. Default: {@link defaultKernelRoots}. */
  readonly kernelRoots?: readonly string[];
  /** Default: the usual places of a static busybox. */
  readonly busyboxPaths?: readonly string[];
};

/** `reasons` has one error for each missing part: `tryout_no_kernel`, `tryout_no_busybox`. */
export type TryoutPartsResult =
  | { readonly ok: true; readonly parts: TryoutParts }
  | { readonly ok: false; readonly reasons: readonly MediaError[] };

type Kernel = Omit<TryoutParts, 'busyboxPath'>;

const BUSYBOX_PATHS = [
  '/usr/bin/busybox',
  '/bin/busybox',
  '/usr/sbin/busybox',
  '/usr/bin/busybox-static',
  '/bin/busybox.static',
];
const EM_X86_64 = 62;
const PT_INTERP = 3;

/** `/`, then where `npm start` unpacks a kernel package when the host has no readable kernel. */
export function defaultKernelRoots(env: NodeJS.ProcessEnv = process.env): string[] {
  const data = env['XDG_DATA_HOME'] || join(homedir(), '.local/share');
  return ['/', '/var/lib/berth/guest-kernel', join(data, 'berth/guest-kernel')];
}

async function readAt(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * The version that a bzImage names itself, or undefined for anything else.
 * Source: Linux, Documentation/arch/x86/boot.rst (magic at 0x202, `kernel_version` at 0x20e).
 */
export async function readKernelVersion(path: string): Promise<string | undefined> {
  try {
    const header = await readAt(path, 0, 0x210);
    if (header.length < 0x210 || header.toString('latin1', 0x202, 0x206) !== 'HdrS')
      return undefined;
    const text = await readAt(path, header.readUInt16LE(0x20e) + 0x200, 128);
    return /^[\w.+~-]+/.exec(text.toString('latin1'))?.[0];
  } catch {
    return undefined;
  }
}

/** Whether the file is an x86-64 ELF program that needs no dynamic loader, that is, has no PT_INTERP header. */
export async function isStaticProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK | constants.X_OK);
    const head = await readAt(path, 0, 4096);
    if (head.readUInt32BE(0) !== 0x7f454c46 || head.readUInt16LE(18) !== EM_X86_64) return false;
    const [start, size, count] = [
      Number(head.readBigUInt64LE(32)),
      head.readUInt16LE(54),
      head.readUInt16LE(56),
    ];
    for (let i = 0; i < count; i++) {
      if (head.readUInt32LE(start + i * size) === PT_INTERP) return false;
    }
    return true;
  } catch {
    return false;
  }
}

const listFolder = (path: string): Promise<string[]> => readdir(path).catch(() => []);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function kernelFiles(root: string): Promise<string[]> {
  const inBoot = (await listFolder(join(root, 'boot'))).filter((name) =>
    name.startsWith('vmlinuz'),
  );
  const inModules = await listFolder(join(root, 'usr/lib/modules'));
  return [
    ...inBoot.map((name) => join(root, 'boot', name)),
    ...inModules.map((name) => join(root, 'usr/lib/modules', name, 'vmlinuz')),
  ];
}

async function modulesOf(root: string, version: string): Promise<string | undefined> {
  for (const folder of ['usr/lib/modules', 'lib/modules']) {
    const path = join(root, folder, version);
    if (await isFolder(join(path, 'kernel'))) return path;
  }
  return undefined;
}

/** The newest kernel that has its modules; else the newest at all. */
async function findKernel(root: string): Promise<Kernel | undefined> {
  const kernels: Kernel[] = [];
  for (const kernelPath of await kernelFiles(root)) {
    const kernelVersion = await readKernelVersion(kernelPath);
    if (kernelVersion === undefined) continue;
    const modulesDir = await modulesOf(root, kernelVersion);
    kernels.push({
      kernelPath,
      kernelVersion,
      ...(modulesDir === undefined ? {} : { modulesDir }),
    });
  }
  const newestFirst = kernels.sort((a, b) =>
    b.kernelVersion.localeCompare(a.kernelVersion, 'en', { numeric: true }),
  );
  return newestFirst.find((kernel) => kernel.modulesDir !== undefined) ?? newestFirst[0];
}

const noKernel = (roots: readonly string[]): MediaError =>
  new MediaError(
    'tryout_no_kernel',
    `No Linux kernel that this user may read was found in ${roots.join(', ')}.`,
    'Run "npm start", which fetches one, or install a kernel package: linux-image-cloud-amd64 (Debian), linux-image-virtual (Ubuntu; its file in /boot is for root only), kernel-core (Fedora), linux (Arch), kernel-default-base (openSUSE).',
  );

const noBusybox = (paths: readonly string[]): MediaError =>
  new MediaError(
    'tryout_no_busybox',
    `No statically linked busybox was found in ${paths.join(', ')}.`,
    'Run "npm start", or install the package busybox-static (Debian, Ubuntu, openSUSE) or busybox (Fedora, Arch).',
  );

/** Looks for the try-out guest's parts on this host; missing parts are an answer, not an exception. */
export async function findTryoutParts(
  options: FindTryoutPartsOptions = {},
): Promise<TryoutPartsResult> {
  const roots = options.kernelRoots ?? defaultKernelRoots();
  const paths = options.busyboxPaths ?? BUSYBOX_PATHS;
  let kernel: Kernel | undefined;
  for (const root of roots) kernel ??= await findKernel(root);
  let busyboxPath: string | undefined;
  for (const path of paths)
    if (busyboxPath === undefined && (await isStaticProgram(path))) busyboxPath = path;
  if (kernel !== undefined && busyboxPath !== undefined)
    return { ok: true, parts: { ...kernel, busyboxPath } };
  const reasons: MediaError[] = [];
  if (kernel === undefined) reasons.push(noKernel(roots));
  if (busyboxPath === undefined) reasons.push(noBusybox(paths));
  return { ok: false, reasons };
}
