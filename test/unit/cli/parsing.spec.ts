import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { findMachine } from '../../../src-main/cli/find-machine.ts';
import { findMedia } from '../../../src-main/cli/find-media.ts';
import { readSecrets } from '../../../src-main/cli/secret-lines.ts';
import { parseSettings } from '../../../src-main/cli/settings.ts';
import { formatSize, parseSize } from '../../../src-main/cli/sizes.ts';
import { UsageError } from '../../../src-main/cli/usage-error.ts';
import { parsePathMap, resolvePaths } from '../../../src-main/compose/paths.ts';

describe('sizes', () => {
  it.each([
    ['4GiB', 4 * 1024 ** 3],
    ['512MiB', 512 * 1024 ** 2],
    ['20G', 20 * 1024 ** 3],
    ['1.5 gib', 1.5 * 1024 ** 3],
    ['1T', 1024 ** 4],
    ['123', 123],
    ['0', 0],
  ])('reads %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', 'much', '-1', '4XB', '1e3', '4 GiB extra', '99999999T'])('refuses "%s"', (text) => {
    expect(() => parseSize(text)).toThrow(UsageError);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [2 * 1024 ** 3, '2 GiB'],
    [1.25 * 1024 ** 4, '1.3 TiB'],
  ])('writes %d as %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));
});

describe('secrets from standard input', () => {
  const both = { passwordStdin: true, productKeyStdin: true };
  it.each([
    [{}, 'a\nb\n', undefined, undefined],
    [{ passwordStdin: true }, ' a b \n', ' a b ', undefined],
    [{ productKeyStdin: true }, ' abcde-12345\r\n', undefined, 'ABCDE-12345'],
    [both, 'secret\r\nabcde\r\nmore', 'secret', 'ABCDE'],
  ])('are for %o of %o', async (options, input, password, productKey) => {
    const found = await readSecrets(options, Readable.from([input]));
    expect(found).toEqual({ password, productKey });
  });

  it.each([
    [both, 'secret\n', '--product-key-stdin'],
    [both, '', '--password-stdin'],
  ])('are missed when they are not there: %o of %o', async (options, input, option) => {
    const reading = readSecrets(options, Readable.from([input]));
    await expect(reading).rejects.toThrow(
      new UsageError(
        `${option}: standard input has no ${option === '--password-stdin' ? 'password' : 'product key'}.`,
      ),
    );
  });
});

describe('--set', () => {
  it('reads lists and repetitions, the last one wins', () => {
    const values = ['cpus=2,memory=4GiB', 'disk=20G', 'cpus=3', 'network=lab', 'firmware=uefi'];
    expect(parseSettings([...values, 'image=Debian 12'])).toEqual({
      overrides: {
        vcpus: 3,
        memoryBytes: 4 * 1024 ** 3,
        diskBytes: 20 * 1024 ** 3,
        network: { kind: 'network', name: 'lab' },
        firmware: 'uefi',
      },
      image: 'Debian 12',
      drivers: null,
    });
  });

  it('reads which Windows, and whether it gets virtio drivers', () => {
    expect(parseSettings(['edition=Windows 11 Enterprise,drivers=virtio-win'])).toEqual({
      overrides: { edition: 'Windows 11 Enterprise' },
      image: null,
      drivers: 'virtio-win',
    });
  });

  it.each(['auto', 'user', 'none'] as const)('knows the network %s', (kind) => {
    expect(parseSettings([`network=${kind}`]).overrides.network).toEqual({ kind });
  });

  it('reads where the machine runs and its other disks', () => {
    const values = ['cpu-policy=dedicated,hugepages=required', 'extra-disk=1GiB,extra-disk=2GiB'];
    expect(parseSettings(values).overrides).toEqual({
      cpuPolicy: 'dedicated',
      hugepages: 'required',
      extraDisks: [{ capacityBytes: 1024 ** 3 }, { capacityBytes: 2 * 1024 ** 3 }],
    });
  });

  it.each([
    'cpu-policy=all',
    'hugepages=yes',
    'extra-disk=big',
    'cpus',
    '=2',
    'cpus=',
    'cpus=0',
    'cpus=two',
    'cpus=513',
    'color=red',
    'firmware=coreboot',
  ])('refuses %s', (value) => expect(() => parseSettings([value])).toThrow(UsageError));
});

const machine = (id: string, name: string, domainName = name) =>
  ({ id, name, domainName, domainUuid: `uuid-${id}` }) as Machine;

describe('finding a machine', () => {
  const machines = [
    machine('1', 'Web'),
    machine('2', 'web'),
    machine('3', 'caf\u00e9'),
    machine('4', 'x', 'dom'),
  ];

  it.each([
    ['1', '1'],
    ['Web', '1'],
    ['web', '2'],
    ['cafe\u0301', '3'],
    ['CAF\u00c9', '3'],
    ['dom', '4'],
    ['uuid-4', '4'],
  ])('%s', (ref, id) => expect(findMachine(machines, ref).id).toBe(id));

  it('refuses what is unknown or could be two', () => {
    expect(() => findMachine(machines, 'nope')).toThrow(
      expect.objectContaining({ code: 'machine_missing' }),
    );
    expect(() => findMachine(machines, 'WEB')).toThrow(
      expect.objectContaining({ code: 'machine_ambiguous' }),
    );
    expect(() => findMedia([], 'nope')).toThrow(expect.objectContaining({ code: 'media_missing' }));
  });
});

describe('paths', () => {
  it('all lie in BERTH_HOME when it is set', () => {
    for (const path of Object.values(resolvePaths({ BERTH_HOME: '/b' }))) {
      expect(path).toMatch(/^\/b\//);
    }
  });

  it('follow the XDG folders otherwise', () => {
    const env = { XDG_DATA_HOME: '/d', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' };
    expect(resolvePaths(env)).toMatchObject({
      database: '/d/berth/berth.db',
      logs: '/s/berth/logs',
      cache: '/c/berth',
      profile: '/s/berth/profile',
    });
  });

  it('of the daemon are mapped in pairs', () => {
    expect(parsePathMap('/var/lib/libvirt=/tmp/x/lib:/run/libvirt=/tmp/x/run')).toEqual([
      { from: '/var/lib/libvirt', to: '/tmp/x/lib' },
      { from: '/run/libvirt', to: '/tmp/x/run' },
    ]);
    expect(parsePathMap(undefined)).toEqual([]);
  });
});
