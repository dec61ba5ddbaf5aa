import { X_APIC_CPUS } from './domain-xml-devices.ts';
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
    hypervElement(spec),
    // Some drivers refuse to work in a guest that knows what it is.
    spec.hiddenHypervisor && spec.accelerator === 'kvm'
      ? el('kvm', {}, el('hidden', { state: 'on' }))
      : null,
    // VMware's back door would take the pointer away from the tablet.
    el('vmport', { state: 'off' }),
    spec.firmware === 'uefi-secure' ? el('smm', { state: 'on' }) : null,
    // Interrupt remapping is QEMU's, so the I/O APIC must be too.
    spec.vcpus > X_APIC_CPUS ? el('ioapic', { driver: 'qemu' }) : null,
  );
}

const SPINLOCK_RETRIES = 8191;
/** Twelve characters at most; any that is not KVM's own. */
const HIDDEN_VENDOR = 'GenuineBerth';

/** Nothing for a guest that has none: the names were chosen by what the host can do. */
function hypervElement({ hyperv, hiddenHypervisor }: MachineSpec): XmlElement | null {
  if (hyperv.length === 0) return null;
  return el(
    'hyperv',
    { mode: 'custom' },
    ...hyperv.map((name) =>
      el(name, { state: 'on', retries: name === 'spinlocks' ? SPINLOCK_RETRIES : undefined }),
    ),
    hiddenHypervisor ? el('vendor_id', { state: 'on', value: HIDDEN_VENDOR }) : null,
  );
}

export function cpuElement({ cpu }: MachineSpec): XmlElement {
  const { mode, sockets, cores, threads } = cpu;
  const topology = el('topology', { sockets, dies: 1, cores, threads });
  switch (mode) {
    case 'host-passthrough':
      return el('cpu', { mode, check: 'none', migratable: 'on' }, topology);
    case 'host-model':
      return el('cpu', { mode, check: 'partial' }, topology);
    case 'maximum':
      return el(
        'cpu',
        { mode, check: 'none', migratable: 'on' },
        topology,
        // Linux 6.12 guests panic around cmpxchg16b under the emulation of QEMU 7.2.
        el('feature', { policy: 'disable', name: 'cx16' }),
        // Five-level page tables cost emulated page walks and gain nothing.
        el('feature', { policy: 'disable', name: 'la57' }),
      );
  }
}

export function clockElement(spec: MachineSpec): XmlElement {
  return el(
    'clock',
    { offset: spec.osFamily === 'windows' ? 'localtime' : 'utc' },
    el('timer', { name: 'rtc', tickpolicy: 'catchup' }),
    el('timer', { name: 'pit', tickpolicy: 'delay' }),
    el('timer', { name: 'hpet', present: 'no' }),
    spec.hyperv.length > 0 ? el('timer', { name: 'hypervclock', present: 'yes' }) : null,
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
