import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachinePaths, MachineSpec } from './machine-spec.ts';

/** The port on which a guest reports how far it is, one JSON object a line. */
const PROGRESS_CHANNEL = 'org.berth.progress.0';
const AGENT_CHANNEL = 'org.qemu.guest_agent.0';
const BALLOON_STATS_SECONDS = 10;

interface Buses {
  disk: { bus: string; target: string; controller: string | null };
  seed: { bus: string };
  nic: string;
}

/** Cloud kernels of Linux have virtio and no AHCI; Windows has AHCI and e1000e and no virtio. */
const PARAVIRTUAL: Buses = {
  disk: { bus: 'virtio', target: 'vda', controller: null },
  seed: { bus: 'scsi' },
  nic: 'virtio',
};
const EMULATED: Buses = {
  disk: { bus: 'sata', target: 'sdb', controller: 'sata' },
  seed: { bus: 'sata' },
  nic: 'e1000e',
};
/** Where the seed medium hangs, on whichever bus. */
export const SEED_TARGET = 'sda';

const busesFor = (spec: MachineSpec): Buses =>
  spec.osFamily === 'windows' ? EMULATED : PARAVIRTUAL;

/** Whether the disk gets a thread of its own; only virtio can. */
export const hasIoThread = (spec: MachineSpec, paths: MachinePaths): boolean =>
  paths.disk !== null && busesFor(spec).disk.bus === 'virtio';

export function storageElements(spec: MachineSpec, paths: MachinePaths): XmlElement[] {
  const elements: XmlElement[] = [];
  if (paths.disk !== null) elements.push(diskElement(spec, paths, paths.disk));
  if (paths.seed !== null) elements.push(seedElement(spec, paths.seed));
  return elements;
}

function diskElement(spec: MachineSpec, paths: MachinePaths, file: string): XmlElement {
  const { bus, target } = busesFor(spec).disk;
  return el(
    'disk',
    { type: 'file', device: 'disk' },
    el('driver', {
      name: 'qemu',
      type: 'qcow2',
      // Guest flushes are honoured, it works on every file system (`none` needs O_DIRECT, which
      // tmpfs and some network file systems lack), and overlays on one base share the page cache.
      cache: 'writeback',
      discard: 'unmap',
      iothread: hasIoThread(spec, paths) ? 1 : undefined,
    }),
    el('source', { file }),
    el('target', { dev: target, bus }),
    // The only device with a boot order: an installer medium is never entered by itself.
    el('boot', { order: 1 }),
  );
}

function seedElement(spec: MachineSpec, file: string): XmlElement {
  return el(
    'disk',
    { type: 'file', device: 'cdrom' },
    el('driver', { name: 'qemu', type: 'raw' }),
    el('source', { file }),
    el('target', { dev: SEED_TARGET, bus: busesFor(spec).seed.bus }),
    el('readonly'),
  );
}

export function controllerElements(spec: MachineSpec, paths: MachinePaths): XmlElement[] {
  const scsi = paths.seed !== null && busesFor(spec).seed.bus === 'scsi';
  return [
    el('controller', { type: 'usb', model: 'qemu-xhci', ports: 15 }),
    ...(scsi ? [el('controller', { type: 'scsi', index: 0, model: 'virtio-scsi' })] : []),
    el('controller', { type: 'virtio-serial', index: 0 }),
  ];
}

export function networkElements(spec: MachineSpec): XmlElement[] {
  const { network } = spec;
  const common = [
    el('mac', { address: spec.mac }),
    el('model', { type: busesFor(spec).nic }),
  ] as const;
  switch (network.kind) {
    case 'none':
      return [];
    case 'user':
      return [el('interface', { type: 'user' }, ...common)];
    case 'bridge': {
      const source = el('source', { bridge: network.name });
      return [el('interface', { type: 'bridge' }, source, ...common)];
    }
    case 'network': {
      const source = el('source', { network: network.name });
      return [el('interface', { type: 'network' }, source, ...common)];
    }
  }
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
