import { busesFor } from './domain-xml-disks.ts';
import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachinePaths, MachineSpec } from './machine-spec.ts';

/** The port on which a guest reports how far it is, one JSON object a line. */
const PROGRESS_CHANNEL = 'org.berth.progress.0';
const AGENT_CHANNEL = 'org.qemu.guest_agent.0';
/** The port's name in the guest's /dev/virtio-ports, as the agent InfiniService looks for it. */
const INFINISERVICE_CHANNEL = 'org.infinibay.agent';
const BALLOON_STATS_SECONDS = 10;
export const X_APIC_CPUS = 255;

export function controllerElements(spec: MachineSpec, paths: MachinePaths): XmlElement[] {
  const scsi = paths.seed !== null && busesFor(spec).cdrom === 'scsi';
  return [
    el('controller', { type: 'usb', model: 'qemu-xhci', ports: 15 }),
    ...(scsi ? [el('controller', { type: 'scsi', index: 0, model: 'virtio-scsi' })] : []),
    el('controller', { type: 'virtio-serial', index: 0 }),
  ];
}

/** `unix` channels: the agent's is libvirt's own, the others can be opened as a stream. */
export function channelElements(spec: MachineSpec): XmlElement[] {
  const unix = (name: string) =>
    el('channel', { type: 'unix' }, el('target', { type: 'virtio', name }));
  const spice = el(
    'channel',
    { type: 'spicevmc' },
    el('target', { type: 'virtio', name: 'com.redhat.spice.0' }),
  );
  return [
    unix(AGENT_CHANNEL),
    unix(PROGRESS_CHANNEL),
    ...(spec.infiniService ? [unix(INFINISERVICE_CHANNEL)] : []),
    ...(spec.graphics === 'spice' && spec.spiceChannel ? [spice] : []),
  ];
}

export function serialElements(): XmlElement[] {
  return [
    el('serial', { type: 'pty' }, el('target', { type: 'isa-serial', port: 0 })),
    el('console', { type: 'pty' }, el('target', { type: 'serial', port: 0 })),
  ];
}

/** TPM, watchdog, balloon, entropy. */
export function serviceElements(spec: MachineSpec): XmlElement[] {
  const tpm = el('tpm', { model: 'tpm-crb' }, el('backend', { type: 'emulator', version: '2.0' }));
  return [
    ...(spec.tpm ? [tpm] : []),
    // Windows has no driver for it and would show an unknown device.
    ...(spec.osFamily === 'windows'
      ? []
      : [el('watchdog', { model: 'i6300esb', action: 'reset' })]),
    el('memballoon', { model: 'virtio' }, el('stats', { period: BALLOON_STATS_SECONDS })),
    el('rng', { model: 'virtio' }, el('backend', { model: 'random' }, '/dev/urandom')),
  ];
}

/** Functions of the host's devices, each on a port of its own. libvirt binds and gives back their drivers. */
export function hostdevElements({ hostdevs }: MachineSpec): XmlElement[] {
  return hostdevs.map(({ address, rom }) =>
    el(
      'hostdev',
      { mode: 'subsystem', type: 'pci', managed: 'yes' },
      el('source', {}, el('address', pciAttributes(address))),
      rom === null ? null : el('rom', { file: rom }),
    ),
  );
}

/** `0000:01:00.1` in the parts that libvirt wants. */
function pciAttributes(address: string) {
  const [domain = '', bus = '', slotAndFunction = ''] = address.split(':');
  const [slot = '', last = ''] = slotAndFunction.split('.');
  return {
    domain: `0x${domain}`,
    bus: `0x${bus}`,
    slot: `0x${slot}`,
    function: `0x${last}`,
  };
}

/** More CPUs than 8-bit interrupt addresses reach need interrupt remapping. */
export function iommuElements({ vcpus }: MachineSpec): XmlElement[] {
  if (vcpus <= X_APIC_CPUS) return [];
  return [el('iommu', { model: 'intel' }, el('driver', { intremap: 'on', eim: 'on' }))];
}
