import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import type { Hypervisor, PoolFacts } from '../ports/hypervisor.ts';
import type { Store } from '../ports/repositories.ts';
import { findExtraDisks } from './own-disks.ts';
import { baseName, folderOf } from './paths.ts';

/** An element of a parsed XML document. */
export interface XmlElement {
  name?: string | undefined;
  attributes?: Record<string, string | number | undefined> | undefined;
  elements?: XmlElement[] | undefined;
}

export interface DetailsDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines'>;
  /** The elements at the top of a well-formed document. */
  parseXml: (xml: string) => Promise<XmlElement[]>;
}

/** Reads a machine's definition. The XML is without secrets. */
export async function readDetails(
  { hypervisor, store, parseXml }: DetailsDeps,
  machine: Machine,
  signal?: AbortSignal,
): Promise<MachineDetails> {
  const options = signal ? { signal } : {};
  const [domainXml, autostart, pools] = await Promise.all([
    hypervisor.domainXml(machine.domainUuid, options),
    hypervisor.domainAutostart(machine.domainUuid),
    hypervisor.listPools(options),
  ]);
  const domain = (await parseXml(domainXml)).find((element) => element.name === 'domain');
  const devices = child(domain, 'devices');
  const disks = await Promise.all(
    children(devices, 'disk').map((disk) => readDisk(hypervisor, pools, disk, options)),
  );
  const paths = disks.map(({ target, device, source }) => ({ target, device, path: source }));
  const extra = await findExtraDisks({ hypervisor, store }, machine.id, paths);
  return {
    machineId: machine.id,
    domainXml,
    autostart,
    disks: disks.map((disk) => ({
      ...disk,
      removable: extra.some(({ target }) => target === disk.target),
    })),
    interfaces: children(devices, 'interface').map(readInterface),
    firmware: readFirmware(child(domain, 'os')),
    accelerator: attribute(domain, 'type') === 'kvm' ? 'kvm' : 'tcg',
  };
}

async function readDisk(
  hypervisor: Hypervisor,
  pools: PoolFacts[],
  disk: XmlElement,
  options: { signal?: AbortSignal },
): Promise<MachineDetails['disks'][number]> {
  const source = child(disk, 'source');
  const path = attribute(source, 'file') ?? attribute(source, 'dev');
  const pool = pools.find((p) => p.active && path !== null && p.targetPath === folderOf(path));
  const volume =
    pool === undefined || path === null
      ? null
      : await hypervisor.findVolume(pool.name, baseName(path), options);
  const target = child(disk, 'target');
  return {
    target: attribute(target, 'dev') ?? '',
    bus: attribute(target, 'bus') ?? '',
    device: attribute(disk, 'device') ?? 'disk',
    source: path ?? attribute(source, 'volume') ?? attribute(source, 'name'),
    capacityBytes: volume?.capacityBytes ?? null,
    allocationBytes: volume?.allocationBytes ?? null,
  };
}

function readInterface(card: XmlElement): MachineDetails['interfaces'][number] {
  const source = child(card, 'source');
  const kind = attribute(card, 'type') ?? '';
  const name = ['network', 'bridge', 'dev'].map((key) => attribute(source, key)).find(Boolean);
  return {
    mac: attribute(child(card, 'mac'), 'address') ?? '',
    model: attribute(child(card, 'model'), 'type'),
    source: name ? `${kind} ${name}` : kind,
  };
}

function readFirmware(os: XmlElement | undefined): string {
  const loader = child(os, 'loader');
  if (loader === undefined && attribute(os, 'firmware') !== 'efi') return 'bios';
  return attribute(loader, 'secure') === 'yes' ? 'uefi-secure' : 'uefi';
}

function children(parent: XmlElement | undefined, name: string): XmlElement[] {
  return (parent?.elements ?? []).filter((element) => element.name === name);
}

function child(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return children(parent, name)[0];
}

function attribute(element: XmlElement | undefined, name: string): string | null {
  const value = element?.attributes?.[name];
  return value === undefined ? null : String(value);
}
