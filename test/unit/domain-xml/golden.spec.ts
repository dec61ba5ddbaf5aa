import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import type { MachinePaths, MachineSpec } from '../../../src-main/core/domain/machine-spec.ts';
import { allCases, type Case, caseInput } from './specs.ts';
import { canValidate, schemaComplaints } from './validate.ts';

const GOLDEN = join(import.meta.dirname, 'golden');
const PASSWORD = { displayPassword: 's3cr3t-passw0rd' };

interface Golden extends Case {
  name: string;
  more?: Partial<MachineSpec>;
  paths?: Partial<MachinePaths>;
}

const golden = (
  name: string,
  firmware: Case['firmware'],
  accelerator: Case['accelerator'],
  graphics: Case['graphics'],
  source: Case['source'],
  network: Case['network'],
  more?: Partial<MachineSpec>,
  paths?: Partial<MachinePaths>,
): Golden => {
  const dimensions = { firmware, accelerator, graphics, source, network };
  return { name, ...dimensions, ...(more && { more }), ...(paths && { paths }) };
};

const ISO = { pool: 'isos', volume: 'installer.iso' };
const MEDIA = { installer: '/isos/installer.iso', virtioDrivers: '/isos/virtio-win.iso' };
const WINDOWS = { osFamily: 'windows', osinfoId: 'win11', video: 'qxl' } as const;

/** Every value meets every value of each other dimension at least once. */
const GOLDENS: Golden[] = [
  golden('bios-kvm-spice-image-nat', 'bios', 'kvm', 'spice', 'image', 'nat'),
  golden('bios-tcg-vnc-tryout-user', 'bios', 'tcg', 'vnc', 'tryout', 'user'),
  golden('bios-kvm-vnc-blank-none', 'bios', 'kvm', 'vnc', 'blank', 'none'),
  golden('uefi-tcg-spice-image-user', 'uefi', 'tcg', 'spice', 'image', 'user'),
  golden('uefi-kvm-vnc-tryout-nat', 'uefi', 'kvm', 'vnc', 'tryout', 'nat'),
  golden('uefi-kvm-spice-blank-none', 'uefi', 'kvm', 'spice', 'blank', 'none'),
  golden('secure-kvm-vnc-image-none', 'secure', 'kvm', 'vnc', 'image', 'none'),
  golden('secure-tcg-spice-tryout-nat', 'secure', 'tcg', 'spice', 'tryout', 'nat'),
  golden('secure-kvm-spice-blank-user', 'secure', 'kvm', 'spice', 'blank', 'user'),
  golden('tpm-tcg-spice-image-nat', 'tpm', 'tcg', 'spice', 'image', 'nat'),
  golden('tpm-kvm-spice-tryout-none', 'tpm', 'kvm', 'spice', 'tryout', 'none'),
  golden('tpm-tcg-vnc-blank-user', 'tpm', 'tcg', 'vnc', 'blank', 'user'),
  golden('bios-tcg-spice-blank-nat', 'bios', 'tcg', 'spice', 'blank', 'nat'),
  golden('uefi-tcg-vnc-image-none', 'uefi', 'tcg', 'vnc', 'image', 'none'),
  golden('windows-kvm', 'tpm', 'kvm', 'spice', 'image', 'nat', {
    osFamily: 'windows',
    osinfoId: 'win11',
    video: 'qxl',
    audio: true,
  }),
  golden('windows-tcg', 'tpm', 'tcg', 'vnc', 'image', 'nat', { osFamily: 'windows', video: 'vga' }),
  golden('loopback-audio', 'uefi', 'tcg', 'vnc', 'image', 'user', {
    graphicsListen: 'loopback',
    audio: true,
  }),
  golden(
    'windows-installer',
    'tpm',
    'kvm',
    'spice',
    'image',
    'nat',
    { ...WINDOWS, installer: { medium: ISO, boot: 'medium' }, virtioDrivers: ISO },
    MEDIA,
  ),
  golden(
    'linux-installer-kernel',
    'uefi',
    'kvm',
    'spice',
    'tryout',
    'nat',
    {
      disk: { volume: 'web-server.qcow2', backing: null },
      installer: { medium: ISO, boot: 'kernel' },
    },
    { disk: '/pool/web-server.qcow2', installer: '/isos/installer.iso' },
  ),
  golden('windows-gpu', 'tpm', 'kvm', 'spice', 'image', 'nat', {
    ...WINDOWS,
    hostdevs: [
      { address: '0000:01:00.0', rom: '/usr/share/vgabios/card.rom' },
      { address: '0000:01:00.1', rom: null },
    ],
    hiddenHypervisor: true,
  }),
  golden('filtered-jumbo', 'uefi', 'kvm', 'spice', 'blank', 'nat', {
    network: { kind: 'bridge', name: 'br0' },
    nic: { vhost: true, queues: 2, mtu: 9000, filter: 'berth-web-3b7e8a54' },
  }),
  golden('many-cpus', 'uefi', 'kvm', 'spice', 'blank', 'nat', { vcpus: 288 }),
  golden('headless', 'bios', 'tcg', 'spice', 'image', 'nat', { graphics: 'none' }),
];

const build = ({ more, paths, ...rest }: Case & Pick<Golden, 'more' | 'paths'>) => {
  const input = caseInput(rest, more);
  return buildDomainXml(input.spec, { ...input.paths, ...paths }, PASSWORD);
};

describe('golden domain XML', () => {
  it.each(GOLDENS)('$name', async (entry) => {
    await expect(build(entry)).toMatchFileSnapshot(join(GOLDEN, `${entry.name}.xml`));
  });

  it('has no file that no case writes', () => {
    expect(readdirSync(GOLDEN).sort()).toEqual(GOLDENS.map(({ name }) => `${name}.xml`).sort());
  });

  it('meets every pair of values', () => {
    const pairs = (entry: Case) => {
      const { firmware, accelerator, graphics, source, network } = entry;
      const values = [firmware, accelerator, graphics, source, network];
      return values.flatMap((a, i) =>
        values.slice(i + 1).map((b, j) => `${i}${i + j + 1}:${a}/${b}`),
      );
    };
    const met = new Set(GOLDENS.filter(({ more }) => more === undefined).flatMap(pairs));
    const missing = new Set(
      allCases()
        .flatMap(pairs)
        .filter((pair) => !met.has(pair)),
    );
    expect([...missing]).toEqual([]);
  });
});

describe('against the schema of libvirt', () => {
  it.skipIf(!canValidate).each(GOLDENS)('takes $name', (entry) => {
    expect(schemaComplaints([[entry.name, build(entry)]])).toBe('');
  });

  it.skipIf(!canValidate)('every combination is valid', () => {
    const all = allCases();
    expect(all).toHaveLength(144);
    expect(schemaComplaints(all.map((entry, index) => [`all-${index}`, build(entry)]))).toBe('');
  });

  it.skipIf(!canValidate)('is asked in earnest', () => {
    expect(
      schemaComplaints([['wrong', '<domain type="kvm"><name>x</name><bogus/></domain>']]),
    ).toContain('fails to validate');
  });
});
