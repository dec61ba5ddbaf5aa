import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needsBuild } from '../../../scripts/setup/build.mjs';
import { chooseHost, findElectron } from '../../../scripts/setup/electron.mjs';
import { hasKernel, kernelPackages } from '../../../scripts/setup/guest-kernel.mjs';
import { probe, startCommands } from '../../../scripts/setup/libvirt.mjs';
import { NEEDS } from '../../../scripts/setup/needs.mjs';
import { isRightNode, isUpToDate, needsInstall } from '../../../scripts/setup/node.mjs';
import {
  asAdministrator,
  confirm,
  detectFamily,
  findProgram,
  run,
  showCommand,
} from '../../../scripts/setup/os.mjs';
import {
  fileExists,
  findMissing,
  installCommands,
  isStatic,
  packagesOf,
  settleOptional,
} from '../../../scripts/setup/packages.mjs';
import { listsMachine } from '../../../scripts/setup/terminal.mjs';
import { parseArguments } from '../../../scripts/start.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'berth-setup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array = '', mode = 0o644): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  chmodSync(full, mode);
  return full;
}

describe('detectFamily', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"', 'debian'],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian', 'ubuntu'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'ubuntu'],
    ['ID=fedora', 'fedora'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'fedora'],
    ['ID=arch', 'arch'],
    ['ID=endeavouros\nID_LIKE=arch', 'arch'],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"', 'suse'],
    ['ID=plan9', undefined],
    ['', undefined],
  ])('%j is %s', (content, family) => {
    expect(detectFamily(content)).toBe(family);
  });
});

describe('commands', () => {
  it('gets the administrator rights it needs and never lets sudo wait for nobody', () => {
    const command = ['apt-get', 'update'];
    expect(asAdministrator(command, { root: true, interactive: true })).toEqual(command);
    expect(asAdministrator(command, { root: false, interactive: true })).toEqual([
      'sudo',
      ...command,
    ]);
    expect(asAdministrator(command, { root: false, interactive: false })).toEqual([
      'sudo',
      '-n',
      ...command,
    ]);
  });

  it('shows a command as it can be typed', () => {
    expect(showCommand(['echo', 'a b', "it's", 'x=1'])).toBe(`echo 'a b' 'it'\\''s' x=1`);
  });

  it('asks nobody who cannot or need not answer', async () => {
    for (const situation of [
      { yes: true, root: false, interactive: true },
      { yes: false, root: true, interactive: true },
      { yes: false, root: false, interactive: false },
    ]) {
      await expect(confirm('Sure?', situation)).resolves.toBe(true);
    }
  });

  it('answers the exit code, also of a program that is not there', async () => {
    await expect(run(['sh', '-c', 'exit 3'])).resolves.toBe(3);
    await expect(run(['/nowhere/program'], { stdio: 'ignore' })).resolves.toBe(127);
  });

  it('finds programs on the path', () => {
    expect(findProgram('sh')).toMatch(/\/sh$/);
    expect(findProgram('no-such-program-anywhere')).toBeUndefined();
  });
});

describe('packages', () => {
  it('has a name for every need of the app in every family', () => {
    const needs = NEEDS.filter((need) => need.groups.some((group) => group !== 'test'));
    expect(needs.length).toBeGreaterThan(8);
    for (const need of needs) {
      for (const family of ['debian', 'ubuntu', 'fedora', 'arch', 'suse'] as const) {
        expect(packagesOf(need, family), `${need.purpose} on ${family}`).not.toEqual([]);
      }
    }
  });

  it('takes only what the wanted groups need and lack', () => {
    const desktop = findMissing(['desktop'], () => false);
    expect(desktop.map((need) => need.purpose)).toEqual(['a SPICE viewer']);
    expect(findMissing(['app', 'test'], () => true)).toEqual([]);
  });

  it('uses Debian names on Ubuntu, but for its own', () => {
    const browser = NEEDS.find((need) => need.groups.includes('browser'));
    const viewer = NEEDS.find((need) => need.groups.includes('desktop'));
    if (browser === undefined || viewer === undefined) throw new Error('a need is gone');
    expect(packagesOf(browser, 'ubuntu')).toEqual(['chromium-browser']);
    expect(packagesOf(viewer, 'ubuntu')).toEqual(['virt-viewer']);
  });

  it('installs without a question and without recommendations', () => {
    expect(installCommands('debian', ['xorriso']).at(-1)?.join(' ')).toBe(
      'env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends xorriso',
    );
    for (const family of ['fedora', 'arch', 'suse'] as const) {
      expect(installCommands(family, ['xorriso']).at(-1)?.at(-1)).toBe('xorriso');
    }
  });

  it('leaves out optional packages that are not known', () => {
    const asked: string[] = [];
    const known = (command: readonly string[]) => asked.push(command.join(' ')) > 1;
    expect(settleOptional('debian', ['a', 'b?', 'c?', 'a'], known)).toEqual(['a', 'c']);
    expect(asked).toEqual(['apt-cache show b', 'apt-cache show c']);
  });

  it('finds files by pattern', () => {
    put('usr/lib/x86/driver.so');
    expect(fileExists(join(root, 'usr/lib/x86/driver.so'))).toBe(true);
    expect(fileExists(join(root, 'usr/lib/*/driver.so'))).toBe(true);
    expect(fileExists(join(root, 'usr/lib/x*6/driv*'))).toBe(true);
    expect(fileExists(join(root, 'usr/lib/y*/driver.so'))).toBe(false);
    expect(fileExists(join(root, 'nowhere/*/driver.so'))).toBe(false);
  });

  it('tells a static program from one that needs a loader', () => {
    const elf = (type: number): Buffer => {
      const bytes = Buffer.alloc(256);
      bytes.write('\x7fELF', 'latin1');
      bytes.writeBigUInt64LE(64n, 32);
      bytes.writeUInt16LE(56, 54);
      bytes.writeUInt16LE(1, 56);
      bytes.writeUInt32LE(type, 64);
      return bytes;
    };
    expect(isStatic(put('static', elf(1)))).toBe(true);
    expect(isStatic(put('dynamic', elf(3)))).toBe(false);
    expect(isStatic(put('script', '#!/bin/sh'))).toBe(false);
    expect(isStatic(join(root, 'nowhere'))).toBe(false);
  });
});

describe('Node packages', () => {
  const entry = { version: '1.0.0', integrity: 'sha512-a' };
  const lock = {
    packages: {
      '': {},
      app: {},
      'node_modules/a': entry,
      'node_modules/win': { ...entry, optional: true },
    },
  };

  it('are up to date when they are those of the lock file, but for other platforms', () => {
    expect(isUpToDate(lock, { packages: { 'node_modules/a': entry } })).toBe(true);
  });

  it.each([
    ['one is missing', {}],
    ['one has another version', { 'node_modules/a': { ...entry, version: '1.0.1' } }],
    ['one has another content', { 'node_modules/a': { ...entry, integrity: 'sha512-b' } }],
    ['one is too many', { 'node_modules/a': entry, 'node_modules/b': entry }],
  ])('are not when %s', (_, packages) => {
    expect(isUpToDate(lock, { packages })).toBe(false);
  });

  it('are not when there are none', () => {
    expect(needsInstall(root)).toBe(true);
  });

  it('are those of this checkout now', () => {
    expect(needsInstall(join(import.meta.dirname, '../../..'))).toBe(false);
  });

  it('need Node 24', () => {
    expect([isRightNode('20.19.0'), isRightNode('24.21.0'), isRightNode('25.0.0')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('the guest kernel', () => {
  it('is found in both places that distributions use', () => {
    expect(hasKernel(root)).toBe(false);
    put('usr/lib/modules/6.1.0/vmlinuz');
    expect(hasKernel(root)).toBe(true);
    rmSync(join(root, 'usr'), { recursive: true });
    put('boot/vmlinuz-6.1.0');
    expect(hasKernel(root)).toBe(true);
  });

  it('comes from the packages that the meta package depends on', () => {
    expect(
      kernelPackages('linux-image-cloud-amd64\n  Depends: linux-image-6.1.0-56-cloud-amd64\n'),
    ).toEqual(['linux-image-6.1.0-56-cloud-amd64']);
    expect(
      kernelPackages('linux-image-virtual\n  Depends: linux-image-6.8.0-40-generic\n'),
    ).toEqual(['linux-image-6.8.0-40-generic', 'linux-modules-6.8.0-40-generic']);
    expect(kernelPackages('')).toEqual([]);
  });
});

describe('libvirt', () => {
  it('is started by systemd where that runs, else directly with its log daemon', () => {
    expect(startCommands({ systemd: true, modular: false, virtlogd: true })).toEqual([
      ['systemctl', 'start', 'libvirtd'],
    ]);
    expect(startCommands({ systemd: true, modular: true, virtlogd: true })[0]).toContain(
      'virtqemud.socket',
    );
    expect(startCommands({ systemd: false, modular: false, virtlogd: true })).toEqual([
      ['virtlogd', '-d'],
      ['libvirtd', '-d'],
    ]);
  });

  it('is probed without side effects', async () => {
    const path = join(root, 'socket');
    await expect(probe(path)).resolves.toBe('closed');
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(probe(path)).resolves.toBe('open');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('the app host', () => {
  it('is Electron where its program is, without its sandbox for root', () => {
    put('node_modules/electron/path.txt', 'electron\n');
    expect(findElectron(root)).toBeUndefined();
    const program = put('node_modules/electron/dist/electron');
    expect(findElectron(root)).toBe(program);
    expect(chooseHost(root, program, false).switches).toEqual([]);
    expect(chooseHost(root, program, true)).toMatchObject({ program, switches: ['--no-sandbox'] });
  });

  it('is the Chromium host otherwise', () => {
    expect(chooseHost(root, undefined, true)).toMatchObject({
      program: join(root, 'app-host/electron'),
      switches: [],
    });
  });
});

describe('the build', () => {
  it('is done again when a source is newer, and only then', () => {
    expect(needsBuild(root)).toBe(true);
    put('src-main/main.ts');
    for (const path of ['out/main/main.js', 'out/preload/index.cjs', 'out/renderer/index.html'])
      put(path);
    const [past, future] = [new Date(Date.now() - 60_000), new Date(Date.now() + 60_000)];
    for (const path of ['src-main/main.ts', 'src-main']) utimesSync(join(root, path), past, past);
    expect(needsBuild(root)).toBe(false);
    utimesSync(join(root, 'src-main/main.ts'), future, future);
    expect(needsBuild(root)).toBe(true);
  });
});

describe('npm start', () => {
  it('takes its own switches and hands the rest to the app', () => {
    expect(parseArguments(['--yes', '--', '--verbose'])).toMatchObject({
      yes: true,
      terminal: false,
      unknown: undefined,
      appArguments: ['--verbose'],
    });
    expect(parseArguments(['--yess']).unknown).toBe('--yess');
  });

  it('knows from a listing whether the try-out machine is there', () => {
    const listing =
      '{"id":"1","name":"tryout-2","state":"off"}\nnot json\n{"id":"2","name":"tryout"}\n';
    expect(listsMachine(listing, 'tryout')).toBe(true);
    expect(listsMachine(listing, 'try')).toBe(false);
    expect(listsMachine('', 'tryout')).toBe(false);
  });
});
