import type { HostAbilities } from '../../core/ports/hypervisor.ts';
import { attributeOf, findAll, findFirst, parseXml, textOf, type XmlNode } from './xml.ts';

export type QemuCapabilities = Omit<HostAbilities, 'kvm' | 'vhostNet'>;

/** Models that Berth's templates and other tools ask for; libvirt's `none` is not a model. */
const NO_MODEL = 'none';

/** Reads `<domainCapabilities>`: https://libvirt.org/formatdomaincaps.html */
export function parseCapabilities(xml: string): QemuCapabilities {
  const root = parseXml(xml);
  const device = (name: string) => findFirst(root, 'devices', name);
  const displays = enumValues(device('graphics'), 'type');
  const graphics = (['spice', 'vnc'] as const).filter((type) => displays.includes(type));
  const channels = enumValues(device('channel'), 'type');
  const firmwares = enumValues(findFirst(root, 'os'), 'firmware');
  const secure = enumValues(findFirst(root, 'os', 'loader'), 'secure');
  const uefi = firmwares.includes('efi');
  return {
    emulator: textOf(findFirst(root, 'path')) ?? '',
    uefi,
    uefiSecure: uefi && secure.includes('yes'),
    tpm: hasTpm2(device('tpm')),
    graphics,
    videoModels: enumValues(device('video'), 'modelType').filter((model) => model !== NO_MODEL),
    // Before libvirt 8.6 nothing is said of channels; then it comes with SPICE.
    spiceChannel: device('channel') ? channels.includes('spicevmc') : graphics.includes('spice'),
    maxVcpus: Number(attributeOf(findFirst(root, 'vcpu'), 'max') ?? 1),
    cpuModes: cpuModes(findFirst(root, 'cpu')),
    hyperv: hypervFeatures(findFirst(root, 'features', 'hyperv')),
    video3d: displays.includes('egl-headless'),
  };
}

const CPU_MODES = ['host-passthrough', 'host-model', 'maximum'] as const;

function cpuModes(cpu: XmlNode | undefined): HostAbilities['cpuModes'] {
  if (cpu === undefined) return CPU_MODES;
  const offered = findAll(cpu, 'mode').filter(isSupported);
  return CPU_MODES.filter((mode) => offered.some((one) => attributeOf(one, 'name') === mode));
}

/** Told by libvirt 8.4 and later. */
function hypervFeatures(node: XmlNode | undefined): string[] | null {
  return node === undefined ? null : enumValues(node, 'features');
}

/** An emulated TPM of version 2.0 with the CRB interface; old daemons do not tell versions. */
function hasTpm2(tpm: XmlNode | undefined): boolean {
  const versions = enumValues(tpm, 'backendVersion');
  return (
    isSupported(tpm) &&
    enumValues(tpm, 'backendModel').includes('emulator') &&
    enumValues(tpm, 'model').includes('tpm-crb') &&
    (versions.length === 0 || versions.includes('2.0'))
  );
}

const isSupported = (node: XmlNode | undefined): boolean =>
  attributeOf(node, 'supported') === 'yes';

function enumValues(node: XmlNode | undefined, name: string): string[] {
  if (node === undefined || attributeOf(node, 'supported') === 'no') return [];
  return findAll(node, 'enum')
    .filter((one) => attributeOf(one, 'name') === name)
    .flatMap((one) => findAll(one, 'value').map((value) => textOf(value) ?? ''));
}
