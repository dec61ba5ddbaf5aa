// A Linux kernel for the try-out machine where the host has none that may be read: unpacked from a package, installed nowhere.
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot, output, run, say, showCommand } from './os.mjs';

/** Where an unpacked kernel goes; the try-out builder looks there too. */
export const guestKernelFolder = () =>
  isRoot()
    ? '/var/lib/berth/guest-kernel'
    : join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'berth/guest-kernel');

const listFolder = (path) => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

const isReadable = (path) => {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * Whether a folder laid out like `/` has a kernel that this user may read.
 * @param {string} root
 */
export function hasKernel(root) {
  const inBoot = listFolder(join(root, 'boot')).filter((name) => name.startsWith('vmlinuz'));
  const inModules = listFolder(join(root, 'usr/lib/modules')).map((name) =>
    join('../usr/lib/modules', name, 'vmlinuz'),
  );
  return [...inBoot, ...inModules].some((name) => isReadable(join(root, 'boot', name)));
}

const META_PACKAGE = /** @type {const} */ ({
  debian: 'linux-image-cloud-amd64',
  ubuntu: 'linux-image-virtual',
});

/**
 * The packages that hold the kernel and its modules, from what apt says the meta package depends on.
 * @param {string} depends output of `apt-cache depends`
 */
export function kernelPackages(depends) {
  const image = /^\s*Depends: (linux-image-\d\S*)/m.exec(depends)?.[1];
  if (image === undefined) return [];
  // Ubuntu keeps the modules in a package of their own.
  const modules =
    image.endsWith('-generic') || image.endsWith('-virtual')
      ? [image.replace('linux-image-', 'linux-modules-')]
      : [];
  return [image, ...modules];
}

async function downloadAndUnpack(packages, folder) {
  const work = mkdtempSync(join(tmpdir(), 'berth-kernel-'));
  try {
    const download = ['apt-get', 'download', ...packages];
    say(`$ ${showCommand(download)}`);
    const options = { cwd: work, stdio: /** @type {const} */ (['ignore', 'ignore', 'inherit']) };
    if ((await run(download, options)) !== 0) return false;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(work).filter((file) => file.endsWith('.deb'))) {
      if ((await run(['dpkg-deb', '-x', join(work, name), folder])) !== 0) return false;
    }
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const INSTALL_HINT = { fedora: 'kernel-core', arch: 'linux', suse: 'kernel-default-base' };

/**
 * Answers whether there is a kernel for the try-out machine, after fetching one if need be. It needs no privilege.
 * @param {import('./os.mjs').Family | undefined} family
 */
export async function ensureGuestKernel(family) {
  const folder = guestKernelFolder();
  if (['/', '/var/lib/berth/guest-kernel', folder].some((root) => hasKernel(root))) return true;
  if (family !== 'debian' && family !== 'ubuntu') {
    const name = family === undefined ? '' : ` (${INSTALL_HINT[family]})`;
    say(`The try-out machine needs a kernel that you may read; install a kernel package${name}.`);
    return false;
  }
  const packages = kernelPackages(output(['apt-cache', 'depends', META_PACKAGE[family]]) ?? '');
  say(`This system has no kernel that may be read; unpacking one into ${folder}.`);
  return packages.length > 0 && (await downloadAndUnpack(packages, folder)) && hasKernel(folder);
}
