import { el, type XmlElement } from './domain-xml-element.ts';
import type { MachinePaths, MachineSpec } from './machine-spec.ts';

interface Buses {
  disk: 'virtio' | 'sata';
  cdrom: 'scsi' | 'sata';
  nic: 'virtio' | 'e1000e';
}

/**
 * Cloud kernels of Linux have virtio and no AHCI. Windows has AHCI and e1000e; virtio only with the medium of its
 * drivers, and its installer reads that medium by AHCI.
 */
export function busesFor({ osFamily, virtioDrivers }: MachineSpec): Buses {
  if (osFamily !== 'windows') return { disk: 'virtio', cdrom: 'scsi', nic: 'virtio' };
  if (virtioDrivers !== null) return { disk: 'virtio', cdrom: 'sata', nic: 'virtio' };
  return { disk: 'sata', cdrom: 'sata', nic: 'e1000e' };
}

/** Where each medium hangs, on whichever bus: by this name it is ejected. */
export const SEED_TARGET = 'sda';
const SATA_DISK_TARGET = 'sdb';
export const INSTALLER_TARGET = 'sdc';
export const DRIVERS_TARGET = 'sdd';
const FIRST_EXTRA = { virtio: 'vdb', sata: 'sde' } as const;

const MOST_QUEUES = 8;

/** Whether disks get a thread of their own; only virtio can. */
export const hasIoThread = (spec: MachineSpec, paths: MachinePaths): boolean =>
  paths.disk !== null && busesFor(spec).disk === 'virtio';

/** The disk comes first in the boot order, so an installed system is never installed again. */
export function storageElements(spec: MachineSpec, paths: MachinePaths): XmlElement[] {
  const { disk, cdrom } = busesFor(spec);
  const system = disk === 'virtio' ? 'vda' : SATA_DISK_TARGET;
  const bootsMedium = spec.installer !== null && spec.installer.boot !== 'kernel';
  return [
    ...(paths.disk === null ? [] : [diskElement(spec, { file: paths.disk, dev: system, boot: 1 })]),
    ...paths.extraDisks.map((file, index) =>
      diskElement(spec, { file, dev: nextTarget(FIRST_EXTRA[disk], index) }),
    ),
    ...(paths.seed === null
      ? []
      : [cdromElement({ file: paths.seed, dev: SEED_TARGET, bus: cdrom })]),
    ...sataCdrom(paths.installer, INSTALLER_TARGET, bootsMedium ? 2 : undefined),
    ...sataCdrom(paths.virtioDrivers, DRIVERS_TARGET),
  ];
}

interface Drive {
  file: string;
  dev: string;
  boot?: number | undefined;
}

function diskElement(spec: MachineSpec, { file, dev, boot }: Drive): XmlElement {
  const { disk: bus } = busesFor(spec);
  const virtio = bus === 'virtio';
  const queues = Math.min(spec.vcpus, MOST_QUEUES);
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
      // Zeros that a guest writes, as when it formats, take no room either.
      detect_zeroes: 'unmap',
      iothread: virtio ? 1 : undefined,
      queues: virtio && queues > 1 ? queues : undefined,
    }),
    el('source', { file }),
    el('target', { dev, bus }),
    bootElement(boot),
  );
}

const sataCdrom = (file: string | null, dev: string, boot?: number): XmlElement[] =>
  file === null ? [] : [cdromElement({ file, dev, bus: 'sata', boot })];

function cdromElement({ file, dev, bus, boot }: Drive & { bus: Buses['cdrom'] }): XmlElement {
  return el(
    'disk',
    { type: 'file', device: 'cdrom' },
    el('driver', { name: 'qemu', type: 'raw' }),
    el('source', { file }),
    el('target', { dev, bus }),
    el('readonly'),
    bootElement(boot),
  );
}

const bootElement = (order: number | undefined): XmlElement | null =>
  order === undefined ? null : el('boot', { order });

/** `vdb` and 2 → `vdd`. */
function nextTarget(first: string, index: number): string {
  const last = first.length - 1;
  return first.slice(0, last) + String.fromCharCode(first.charCodeAt(last) + index);
}
