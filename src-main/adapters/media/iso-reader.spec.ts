import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReadAt } from '../../core/ports/media-builder.ts';
import { identifyInstaller, inspectIso } from './installer-identity.ts';
import { IsoReader } from './iso-reader.ts';
import { buildIso9660 } from './iso9660.ts';
import { findInPath, xorriso } from './test-tools.ts';

const HAVE_XORRISO = findInPath('xorriso');
const folder = mkdtempSync(join(tmpdir(), 'berth-iso-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readerOf =
  (bytes: Uint8Array): ReadAt =>
  async (position, length) =>
    bytes.subarray(position, position + length);

let made = 0;

/** An ISO image as a distributor would make it. */
function isoImage(files: Record<string, string>, ...options: string[]): Buffer {
  const root = join(folder, `tree-${++made}`);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const out = join(folder, `${made}.iso`);
  xorriso('-as', 'mkisofs', '-quiet', ...options, '-o', out, root);
  return readFileSync(out);
}

async function opened(bytes: Uint8Array): Promise<IsoReader> {
  const iso = await IsoReader.open(readerOf(bytes));
  if (iso === null) throw new Error('not recognised as an ISO image');
  return iso;
}

const textIn = async (bytes: Uint8Array, path: string): Promise<string | null> => {
  const content = await (await opened(bytes)).read(path, 1024 * 1024);
  return content && Buffer.from(content).toString();
};

describe('IsoReader', () => {
  const own = buildIso9660({
    volumeLabel: 'cidata',
    files: [
      { name: 'user-data', content: '#cloud-config\n' },
      { name: 'Empty', content: '' },
    ],
  });

  it('reads what our own builder writes', async () => {
    const iso = await opened(own);
    expect(iso.volume.label).toBe('cidata');
    expect(await textIn(own, '/user-data')).toBe('#cloud-config\n');
    expect(await textIn(own, 'USER-DATA')).toBe('#cloud-config\n');
    expect(await textIn(own, '/empty')).toBe('');
    expect(await textIn(own, '/other')).toBeNull();
    expect(await textIn(own, '/user-data/below')).toBeNull();
    expect(await textIn(own, '/')).toBeNull();
  });

  it('finds nothing in other data', async () => {
    expect(await IsoReader.open(readerOf(Buffer.alloc(100_000)))).toBeNull();
    expect(await IsoReader.open(readerOf(Buffer.alloc(3)))).toBeNull();
  });

  it('refuses a file that is larger than expected, and one whose end is missing', async () => {
    const iso = await opened(own);
    await expect(iso.read('/user-data', 5)).rejects.toMatchObject({ code: 'iso_malformed' });
    const cut = await opened(own.subarray(0, own.length - 2 * 2048));
    await expect(cut.read('/user-data', 4096)).rejects.toMatchObject({ code: 'iso_malformed' });
  });

  it('never hangs and fails with its own error on damaged bytes', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const bytes = Buffer.from(own);
      for (let i = 0; i < 8; i++) {
        const at = 16 * 2048 + ((seed * 7919 + i * 104_729) % (bytes.length - 16 * 2048));
        bytes[at] = (seed * 31 + i * 17) % 256;
      }
      const outcome = await identifyInstaller(readerOf(bytes)).then(
        () => 'read',
        (error: unknown) => (error as { code?: string }).code,
      );
      expect(['read', 'iso_malformed']).toContain(outcome);
    }
  });

  describe.skipIf(!HAVE_XORRISO)('on images of xorriso', () => {
    const long = 'a-name-that-is-much-longer-than-iso-9660-allows.image.gz';
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, i) => [`pool/package-number-${i}.deb`, `content ${i}`]),
    );
    const files = { ...many, [`deep/er/${long}`]: 'x'.repeat(5000) };

    it.each([
      ['Rock Ridge', ['-R']],
      ['Joliet', ['-J', '-joliet-long', '--norock']],
      ['both', ['-R', '-J', '-joliet-long']],
    ])('finds long names by %s', async (_, options) => {
      const bytes = isoImage(files, ...options, '-V', 'MEDIUM 1');
      expect((await opened(bytes)).volume.label).toBe('MEDIUM 1');
      expect(await textIn(bytes, `/deep/er/${long}`)).toBe('x'.repeat(5000));
      expect(await textIn(bytes, '/pool/package-number-119.deb')).toBe('content 119');
    });
  });
});

describe.skipIf(!HAVE_XORRISO)('identifyInstaller', () => {
  const identify = (files: Record<string, string>, ...options: string[]) =>
    identifyInstaller(readerOf(isoImage(files, '-R', ...options)));

  it('knows Debian by its .disk/info', async () => {
    const files = {
      '.disk/info': 'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST 20240210\n',
      'install.amd/vmlinuz': 'kernel',
      'install.amd/initrd.gz': 'initrd',
    };
    expect(await identify(files, '-V', 'Debian 12.5.0 amd64 n')).toEqual({
      family: 'debian',
      label: 'Debian 12.5.0 amd64 n',
      osLabel: 'Debian GNU/Linux 12.5.0',
      boot: { kernel: '/install.amd/vmlinuz', initrd: '/install.amd/initrd.gz' },
    });
  });

  it('knows Ubuntu, and that a part of what it boots is missing', async () => {
    const info = { '.disk/info': 'Ubuntu-Server 24.04 LTS "Noble Numbat" - Release amd64\n' };
    const files = { ...info, 'casper/vmlinuz': 'k' };
    expect(await identify(files)).toMatchObject({
      family: 'ubuntu',
      osLabel: 'Ubuntu-Server 24.04 LTS',
      boot: null,
    });
    expect(await identify({ ...files, 'casper/initrd': 'i' })).toMatchObject({
      boot: { kernel: '/casper/vmlinuz', initrd: '/casper/initrd' },
    });
  });

  it.each([
    ['Fedora Linux 40', 'fedora'],
    ['Red Hat Enterprise Linux 9.4', 'rhel'],
    ['AlmaLinux 9.4', 'rhel'],
  ])('knows %s by its .treeinfo', async (name, family) => {
    const files = {
      '.treeinfo': `[general]\nfamily = ${name}\nname = ${name}\n`,
      'images/pxeboot/vmlinuz': 'k',
      'images/pxeboot/initrd.img': 'i',
    };
    expect(await identify(files)).toMatchObject({ family, osLabel: name, boot: {} });
  });

  it('knows openSUSE, Windows and its drivers', async () => {
    expect(await identify({ a: '' }, '-V', 'openSUSE-Leap-15.6')).toMatchObject({
      family: 'opensuse',
    });
    expect(await identify({ 'sources/install.wim': 'w' }, '-V', 'CCCOMA_X64FRE')).toMatchObject({
      family: 'windows',
      boot: null,
    });
    expect(
      await identify(
        { 'README.TXT': 'This disc contains a "UDF" file system' },
        '-publisher',
        'MICROSOFT CORPORATION',
      ),
    ).toMatchObject({ family: 'windows' });
    for (const image of ['sources/install.esd', 'sources/boot.wim']) {
      expect(await identify({ [image]: 'w' })).toMatchObject({ family: 'windows' });
    }
    expect(await identify({ a: '' }, '-V', 'virtio-win-0.1.240')).toMatchObject({
      family: 'drivers',
    });
    const folders = { 'viostor/w11/amd64/viostor.inf': 'x', 'NetKVM/w11/amd64/netkvm.inf': 'x' };
    expect(await identify(folders, '-V', 'MY-DRIVERS')).toMatchObject({ family: 'drivers' });
  });

  it('does not guess', async () => {
    expect(await identify({ a: '' }, '-V', 'HOLIDAYS')).toEqual({
      family: 'unknown',
      label: 'HOLIDAYS',
      osLabel: 'HOLIDAYS',
      boot: null,
    });
  });

  it('looks into local files, and leaves others to whoever knows them', async () => {
    const path = join(folder, 'some.iso');
    const bytes = isoImage({ a: '' }, '-V', 'HOLIDAYS');
    writeFileSync(path, bytes);
    expect(await inspectIso(path)).toMatchObject({
      fileBytes: bytes.length,
      installer: { label: 'HOLIDAYS' },
    });
    writeFileSync(path, 'short');
    expect(await inspectIso(path)).toBeNull();
    expect(await inspectIso(folder)).toBeNull();
    expect(await inspectIso('/no/such/file')).toBeNull();
  });
});
