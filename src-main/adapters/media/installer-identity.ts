import { type FileHandle, open, stat } from 'node:fs/promises';
import type { InstallerMedium } from '../../../src-contract/model/media.ts';
import type { ReadAt } from '../../core/ports/media-builder.ts';
import { IsoReader } from './iso-reader.ts';

type Family = InstallerMedium['family'];

const SMALL_FILE = 64 * 1024;

/** Where the installers keep what starts them, in the order of preference. */
const BOOT_FILES: Partial<Record<Family, readonly (readonly [kernel: string, initrd: string])[]>> =
  {
    debian: [
      ['/install.amd/vmlinuz', '/install.amd/initrd.gz'],
      ['/install/vmlinuz', '/install/initrd.gz'],
    ],
    ubuntu: [
      ['/casper/vmlinuz', '/casper/initrd'],
      ['/casper/hwe-vmlinuz', '/casper/hwe-initrd'],
    ],
    fedora: [['/images/pxeboot/vmlinuz', '/images/pxeboot/initrd.img']],
    rhel: [['/images/pxeboot/vmlinuz', '/images/pxeboot/initrd.img']],
    opensuse: [['/boot/x86_64/loader/linux', '/boot/x86_64/loader/initrd']],
  };

/** Null when it is no ISO 9660 image. Throws MediaError `iso_malformed`. */
export async function identifyInstaller(readAt: ReadAt): Promise<InstallerMedium | null> {
  const iso = await IsoReader.open(readAt);
  if (iso === null) return null;
  const { label } = iso.volume;
  const { family, osLabel } = await recognise(iso);
  return { family, label, osLabel, boot: await findBoot(iso, family) };
}

type Recognised = Pick<InstallerMedium, 'family' | 'osLabel'>;

async function recognise(iso: IsoReader): Promise<Recognised> {
  const { label } = iso.volume;
  const found =
    (await byDiskInfo(iso)) ??
    (await byTreeInfo(iso)) ??
    (await byProducts(iso)) ??
    (await byWindows(iso));
  return found ?? { family: 'unknown', osLabel: label || 'Unknown system' };
}

/** Debian and Ubuntu: `Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 …`. */
async function byDiskInfo(iso: IsoReader): Promise<Recognised | null> {
  const line = (await textOf(iso, '/.disk/info'))?.split('\n')[0]?.trim();
  if (!line) return null;
  const osLabel = line.split(/ ["-]/)[0]?.trim() || line;
  if (/^debian/i.test(line)) return { family: 'debian', osLabel };
  return /ubuntu/i.test(line) ? { family: 'ubuntu', osLabel } : null;
}

/** Fedora, RHEL and what is made of it. */
async function byTreeInfo(iso: IsoReader): Promise<Recognised | null> {
  const text = await textOf(iso, '/.treeinfo');
  if (text === null) return null;
  const value = (key: string) => new RegExp(`^${key}\\s*=\\s*(.+)$`, 'm').exec(text)?.[1]?.trim();
  const name = value('name') ?? value('family') ?? '';
  if (/fedora/i.test(name)) return { family: 'fedora', osLabel: name };
  return /suse/i.test(name) || name === '' ? null : { family: 'rhel', osLabel: name };
}

async function byProducts(iso: IsoReader): Promise<Recognised | null> {
  const { label } = iso.volume;
  const media = await textOf(iso, '/media.1/media');
  const suse = /suse/i.test(media ?? '') || /^(openSUSE|SLE)/i.test(label);
  return suse ? { family: 'opensuse', osLabel: label || 'openSUSE' } : null;
}

const WINDOWS_FILES = ['/sources/install.wim', '/sources/install.esd', '/sources/boot.wim'];

/**
 * Media of Windows keep their files in UDF; the ISO 9660 part has a file that says so, and their maker's name. Which
 * editions are on it, and whether it is 10 or 11, only the part that is not read could tell.
 */
async function byWindows(iso: IsoReader): Promise<Recognised | null> {
  const { label, publisher, application } = iso.volume;
  if (/^virtio-win/i.test(label) || (await hasDrivers(iso))) {
    return { family: 'drivers', osLabel: label || 'virtio drivers' };
  }
  const found = await Promise.all(WINDOWS_FILES.map((path) => iso.find(path)));
  const microsoft = /microsoft/i.test(publisher) || /\bCDIMAGE\b/.test(application);
  const windows = microsoft || found.some((entry) => entry !== null);
  return windows ? { family: 'windows', osLabel: windowsName(label) } : null;
}

/** The folders of the disk and the network on a medium with another label than the usual. */
async function hasDrivers(iso: IsoReader): Promise<boolean> {
  const folders = await Promise.all([iso.find('/viostor'), iso.find('/NetKVM')]);
  return folders.every((entry) => entry?.directory === true);
}

const windowsName = (label: string): string =>
  /^(SSS|SW_DVD9_Win_Server)/i.test(label) ? `Windows Server (${label})` : `Windows (${label})`;

async function findBoot(iso: IsoReader, family: Family): Promise<InstallerMedium['boot']> {
  for (const [kernel, initrd] of BOOT_FILES[family] ?? []) {
    if ((await iso.find(kernel)) !== null && (await iso.find(initrd)) !== null) {
      return { kernel, initrd };
    }
  }
  return null;
}

async function textOf(iso: IsoReader, path: string): Promise<string | null> {
  const bytes = await iso.read(path, SMALL_FILE);
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}

/** What a local file installs and its size in bytes; null when it is no ISO image, or cannot be opened at all. */
export async function inspectIso(
  path: string,
): Promise<{ installer: InstallerMedium; fileBytes: number } | null> {
  let file: FileHandle | undefined;
  try {
    // A FIFO or a device would block or never end.
    const facts = await stat(path).catch(() => null);
    if (facts === null || !facts.isFile()) return null;
    const opened = await open(path, 'r').catch(() => null);
    if (opened === null) return null;
    file = opened;
    const installer = await identifyInstaller(async (position, length) => {
      const { bytesRead, buffer } = await opened.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    });
    return installer && { installer, fileBytes: facts.size };
  } finally {
    await file?.close();
  }
}
