import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachinePaths, MachineSpec } from './machine-spec.ts';

/** `<os>`: machine type, firmware, and the kernel of a direct boot. */
export function osElement(spec: MachineSpec, paths: MachinePaths): XmlElement {
  const uefi = spec.firmware !== 'bios';
  return el(
    'os',
    { firmware: uefi ? 'efi' : undefined },
    el('type', { arch: 'x86_64', machine: 'q35' }, 'hvm'),
    uefi ? firmwareElement(spec.firmware === 'uefi-secure') : null,
    ...directBootElements(spec, paths),
  );
}

/** Both features are always said: left alone, libvirt picks Secure Boot, which no unsigned guest passes. */
function firmwareElement(secure: boolean): XmlElement {
  const enabled = secure ? 'yes' : 'no';
  return el(
    'firmware',
    {},
    el('feature', { enabled, name: 'enrolled-keys' }),
    el('feature', { enabled, name: 'secure-boot' }),
  );
}

function directBootElements(spec: MachineSpec, paths: MachinePaths): XmlElement[] {
  if (spec.directBoot === null || paths.kernel === null) return [];
  const { cmdline } = spec.directBoot;
  return [
    el('kernel', {}, paths.kernel),
    ...(paths.initrd === null ? [] : [el('initrd', {}, paths.initrd)]),
    ...(cmdline === '' ? [] : [el('cmdline', {}, cmdline)]),
  ];
}

export function featuresElement(spec: MachineSpec): XmlElement {
  return el(
    'features',
    {},
    el('acpi'),
    el('apic'),
    hasHyperv(spec) ? hypervElement() : null,
    // VMware's back door would take the pointer away from the tablet.
    el('vmport', { state: 'off' }),
    spec.firmware === 'uefi-secure' ? el('smm', { state: 'on' }) : null,
  );
}

/** Only KVM implements the enlightenments; libvirt refuses to start a TCG guest that wants them. */
const hasHyperv = (spec: MachineSpec): boolean =>
  spec.osFamily === 'windows' && spec.accelerator === 'kvm';

function hypervElement(): XmlElement {
  const on = { state: 'on' };
  return el(
    'hyperv',
    { mode: 'custom' },
    el('relaxed', on),
    el('vapic', on),
    el('spinlocks', { state: 'on', retries: 8191 }),
    el('vpindex', on),
    el('runtime', on),
    el('synic', on),
    el('stimer', on),
    el('frequencies', on),
    el('tlbflush', on),
    el('ipi', on),
  );
}

/** One socket: desktop Windows uses no more than one or two. */
export function cpuElement(spec: MachineSpec): XmlElement {
  const topology = el('topology', { sockets: 1, dies: 1, cores: spec.vcpus, threads: 1 });
  if (spec.accelerator === 'kvm') {
    return el('cpu', { mode: 'host-passthrough', check: 'none', migratable: 'on' }, topology);
  }
  return el(
    'cpu',
    { mode: 'maximum', check: 'none', migratable: 'on' },
    topology,
    // Linux 6.12 guests panic around cmpxchg16b under the emulation of QEMU 7.2.
    el('feature', { policy: 'disable', name: 'cx16' }),
    // Five-level page tables cost emulated page walks and gain nothing.
    el('feature', { policy: 'disable', name: 'la57' }),
  );
}

export function clockElement(spec: MachineSpec): XmlElement {
  return el(
    'clock',
    { offset: spec.osFamily === 'windows' ? 'localtime' : 'utc' },
    el('timer', { name: 'rtc', tickpolicy: 'catchup' }),
    el('timer', { name: 'pit', tickpolicy: 'delay' }),
    el('timer', { name: 'hpet', present: 'no' }),
    hasHyperv(spec) ? el('timer', { name: 'hypervclock', present: 'yes' }) : null,
  );
}

/** A suspended guest looks hung from outside and few resume well: it is not offered. */
export function powerElement(): XmlElement {
  return el(
    'pm',
    {},
    el('suspend-to-mem', { enabled: 'no' }),
    el('suspend-to-disk', { enabled: 'no' }),
  );
}
