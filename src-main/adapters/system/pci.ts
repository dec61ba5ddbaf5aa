import { access, readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { KernelPci, KernelPciDevice } from '../../core/domain/pci.ts';

/**
 * What the kernel tells of PCI devices: sysfs-bus-pci and sysfs-kernel-iommu_groups in its ABI documentation.
 * `root` is another folder in tests. Null when there is no PCI bus to be seen.
 */
export async function readPci(root = '/'): Promise<KernelPci | null> {
  const bus = join(root, 'sys/bus/pci/devices');
  const addresses = await names(bus);
  if (addresses.length === 0) return null;
  const [devices, cpuVendor, iommuArgument, vfio, vfioNode] = await Promise.all([
    Promise.all(addresses.map((address) => readDevice(bus, address))),
    readCpuVendor(root),
    readIommuArgument(root),
    readVfio(root),
    exists(join(root, 'dev/vfio/vfio')),
  ]);
  return { cpuVendor, iommuArgument, vfio, vfioNode, devices };
}

async function readDevice(bus: string, address: string): Promise<KernelPciDevice> {
  const folder = join(bus, address);
  const [vendor, product, driver, group, boot, activeOutputs] = await Promise.all([
    text(join(folder, 'vendor')),
    text(join(folder, 'device')),
    linkName(join(folder, 'driver')),
    linkName(join(folder, 'iommu_group')),
    text(join(folder, 'boot_vga')),
    readOutputs(folder),
  ]);
  return {
    address,
    vendorId: vendor.replace(/^0x/, ''),
    productId: product.replace(/^0x/, ''),
    driver,
    iommuGroup: group !== null && /^\d+$/.test(group) ? Number(group) : null,
    bootVga: boot === '' ? null : boot === '1',
    activeOutputs,
  };
}

/** Connectors with a monitor that the kernel draws on; see drivers/gpu/drm/drm_sysfs.c. */
async function readOutputs(device: string): Promise<string[]> {
  const cards = (await names(join(device, 'drm'))).filter((name) => /^card\d+$/.test(name));
  const outputs = await Promise.all(
    cards.map(async (card) => {
      const folder = join(device, 'drm', card);
      const connectors = (await names(folder)).filter((name) => name.startsWith(`${card}-`));
      const states = await Promise.all(
        connectors.map((name) => text(join(folder, name, 'enabled'))),
      );
      return connectors
        .filter((_, index) => states[index] === 'enabled')
        .map((name) => name.slice(card.length + 1));
    }),
  );
  return outputs.flat().sort();
}

async function readCpuVendor(root: string): Promise<KernelPci['cpuVendor']> {
  const vendor = /^vendor_id\s*:\s*(\S+)/m.exec(await text(join(root, 'proc/cpuinfo')))?.[1];
  if (vendor === 'GenuineIntel') return 'intel';
  return vendor === 'AuthenticAMD' || vendor === 'HygonGenuine' ? 'amd' : null;
}

/** See intel_iommu, amd_iommu and iommu in the kernel's admin-guide/kernel-parameters; the last one counts. */
async function readIommuArgument(root: string): Promise<KernelPci['iommuArgument']> {
  const line = await text(join(root, 'proc/cmdline'));
  const values = [...line.matchAll(/(?:^|\s)(?:(?:intel|amd)_)?iommu=(\S+)/g)].flatMap(
    ([, value = '']) => value.split(','),
  );
  if (values.includes('off')) return 'off';
  return values.some((value) => value === 'on' || value === 'force') ? 'on' : null;
}

async function readVfio(root: string): Promise<KernelPci['vfio']> {
  if (await exists(join(root, 'sys/bus/pci/drivers/vfio-pci'))) return 'loaded';
  const release = await text(join(root, 'proc/sys/kernel/osrelease'));
  if (release === '') return 'missing';
  const folder = join(root, 'lib/modules', release);
  const lists = await Promise.all(
    ['modules.dep', 'modules.builtin'].map((name) => text(join(folder, name))),
  );
  return lists.some((list) => /\/vfio-pci\.ko/.test(list)) ? 'available' : 'missing';
}

const names = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const text = (file: string): Promise<string> =>
  readFile(file, 'utf8').then(
    (content) => content.trim(),
    () => '',
  );

const linkName = (path: string): Promise<string | null> =>
  readlink(path).then(basename, () => null);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
