import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import type { MachinePaths, MachineSpec } from '../../../src-main/core/domain/machine-spec.ts';
import { type Case, caseInput } from './specs.ts';

const PASSWORD = { displayPassword: 's3cr3t-passw0rd' };

export interface Golden extends Case {
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
export const GOLDENS: Golden[] = [
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

type Input = Case & Pick<Golden, 'more' | 'paths'>;

const input = ({ more, paths, ...rest }: Input, last: Partial<MachineSpec> = {}) => {
  const made = caseInput(rest, { ...more, ...last });
  return { spec: made.spec, paths: { ...made.paths, ...paths } };
};

/** `last` changes the specification of a case once more. */
export const build = {
  spec: (entry: Input): MachineSpec => input(entry).spec,
  text: (entry: Input, last?: Partial<MachineSpec>): string => {
    const { spec, paths } = input(entry, last);
    return buildDomainXml(spec, paths, PASSWORD);
  },
};
