import type { Gpu } from '../../../src-contract/model/gpu.ts';
import type { PowerState } from '../../../src-contract/model/machine.ts';
import {
  isDisplay,
  isPciBridge,
  type KernelPci,
  type KernelPciDevice,
  type PciDevice,
  type PciFacts,
  slotOf,
} from './pci.ts';

export type GpuObstacle = Gpu['obstacles'][number];

export interface GpuInput {
  pci: PciFacts;
  scope: 'system' | 'session';
  /** Machine by the address that it has claimed. */
  claims: ReadonlyMap<string, string>;
  /** Name of the running domain, of whatever tool, by the address that it has. */
  running: ReadonlyMap<string, string>;
}

/** Drivers under which the kernel gives a device to a guest; see drivers/vfio/vfio_main.c. */
const GUEST_DRIVERS = new Set(['vfio-pci', 'pci-stub', 'pcieport']);

const isHostDriver = (driver: string | null) => driver !== null && !GUEST_DRIVERS.has(driver);

/** The host's graphics cards, each with all functions of its slot, and why a machine cannot have it. */
export function reportGpus(input: GpuInput): Gpu[] {
  const { devices, kernel } = input.pci;
  const known = new Map(devices.map((device) => [device.address, device]));
  const slots = new Set<string>();
  return devices.filter(isDisplay).flatMap((display) => {
    const slot = slotOf(display.address);
    if (slots.has(slot)) return [];
    slots.add(slot);
    const functions = devices.filter(({ address }) => slotOf(address) === slot);
    const others = groupOthers(functions, known);
    const traits = traitsOf(display, functions, kernel);
    return {
      address: display.address,
      name: nameOf(display),
      iommuGroup: display.iommuGroup?.id ?? traits.kernelGroup,
      functions: functions.map(toFunction),
      groupOthers: others.map(toFunction),
      bootVga: traits.bootVga,
      obstacles: obstaclesOf({ display, functions, others, traits, ...input }),
      machineId: holderOf(functions, input.claims),
    };
  });
}

interface Traits {
  bootVga: boolean | null;
  outputs: readonly string[];
  kernelGroup: number | null;
}

function traitsOf(
  display: PciDevice,
  functions: readonly PciDevice[],
  kernel: KernelPci | null,
): Traits {
  const seen = functions.flatMap((device) => kernelOf(device, kernel) ?? []);
  const flags = seen.flatMap(({ bootVga }) => bootVga ?? []);
  return {
    bootVga: flags.length === 0 ? null : flags.includes(true),
    outputs: seen.flatMap(({ activeOutputs }) => activeOutputs),
    kernelGroup: kernelOf(display, kernel)?.iommuGroup ?? null,
  };
}

/** The daemon may be on another computer, so that an equal address alone proves nothing. */
function kernelOf(device: PciDevice, kernel: KernelPci | null): KernelPciDevice | undefined {
  return kernel?.devices.find(
    ({ address, vendorId, productId }) =>
      address === device.address &&
      vendorId === device.vendor.id &&
      productId === device.product.id,
  );
}

function groupOthers(
  functions: readonly PciDevice[],
  known: ReadonlyMap<string, PciDevice>,
): PciDevice[] {
  const own = new Set(functions.map(({ address }) => address));
  const members = new Set(functions.flatMap(({ iommuGroup }) => iommuGroup?.addresses ?? []));
  return [...members]
    .filter((address) => !own.has(address))
    .sort()
    .map((address) => known.get(address) ?? unknownDevice(address))
    .filter((device) => !isPciBridge(device));
}

const unknownDevice = (address: string): PciDevice => ({
  address,
  classCode: '000000',
  vendor: { id: '0000', name: '' },
  product: { id: '0000', name: '' },
  driver: null,
  iommuGroup: null,
  numaNode: null,
});

const nameOf = ({ vendor, product, address }: PciDevice): string =>
  [vendor.name, product.name].filter((part) => part !== '').join(' ') ||
  `Graphics card ${vendor.id}:${product.id} at ${address}`;

const toFunction = ({ address, classCode, vendor, product, driver }: PciDevice) => ({
  address,
  classCode,
  vendor: vendor.name || vendor.id,
  product: product.name || product.id,
  driver,
});

const holderOf = (functions: readonly PciDevice[], claims: GpuInput['claims']): string | null =>
  functions.map(({ address }) => claims.get(address)).find((holder) => holder !== undefined) ??
  null;

interface ObstacleInput extends GpuInput {
  display: PciDevice;
  functions: readonly PciDevice[];
  others: readonly PciDevice[];
  traits: Traits;
}

function obstaclesOf(input: ObstacleInput): GpuObstacle[] {
  return [
    sessionDaemon(input),
    iommuOff(input),
    vfioMissing(input),
    groupShared(input),
    bootVga(input),
    driverInUse(input),
    claimed(input),
  ].filter((obstacle) => obstacle !== null);
}

function sessionDaemon({ scope }: ObstacleInput): GpuObstacle | null {
  if (scope === 'system') return null;
  return {
    code: 'session_daemon',
    message: 'A libvirt daemon of your own may not give away devices of the host.',
    hint: 'Connect to the system daemon: BERTH_LIBVIRT_URI=qemu:///system, as a member of the group libvirt.',
  };
}

function iommuOff({ display, traits, pci: { kernel } }: ObstacleInput): GpuObstacle | null {
  if (display.iommuGroup !== null || traits.kernelGroup !== null) return null;
  return {
    code: 'iommu_off',
    message: 'The IOMMU, which keeps a guest’s device away from the host’s memory, is not in use.',
    hint: iommuHint(kernel),
  };
}

function iommuHint(kernel: KernelPci | null): string {
  if (kernel?.iommuArgument === 'off') {
    return 'The kernel was told to leave it off: remove iommu=off, intel_iommu=off or amd_iommu=off from its command line and restart.';
  }
  const vendor = kernel?.cpuVendor ?? null;
  const setup = { intel: 'VT-d', amd: 'AMD-Vi (IOMMU)' };
  const name = vendor === null ? 'VT-d or AMD-Vi' : setup[vendor];
  const firmware = `Switch on ${name} in the firmware setup of this computer`;
  if (vendor === 'amd' || kernel?.iommuArgument === 'on') return `${firmware} and restart.`;
  return `${firmware}, add intel_iommu=on to the kernel’s command line${vendor === null ? ' (Intel only)' : ''} and restart.`;
}

function vfioMissing({ pci: { kernel } }: ObstacleInput): GpuObstacle | null {
  if (kernel === null) return null;
  if (kernel.vfio === 'missing') {
    return {
      code: 'vfio_missing',
      message: 'The kernel has no driver vfio-pci, by which a guest gets a device.',
      hint: 'Install the kernel’s complete set of modules, then: sudo modprobe vfio-pci',
    };
  }
  if (kernel.vfio === 'available' || kernel.vfioNode) return null;
  return {
    code: 'vfio_missing',
    message: 'The driver vfio-pci is loaded, but /dev/vfio/vfio is not there.',
    hint: 'Load the module that makes it: sudo modprobe vfio. In a container, pass /dev/vfio in.',
  };
}

/** Devices of its group that the host uses: the kernel gives a group away as a whole or not at all. */
export const groupBlockers = ({ groupOthers: others }: Pick<Gpu, 'groupOthers'>) =>
  others.filter(({ driver }) => isHostDriver(driver));

function groupShared({ others }: ObstacleInput): GpuObstacle | null {
  const blockers = groupBlockers({ groupOthers: others.map(toFunction) });
  if (blockers.length === 0) return null;
  const names = blockers.map(({ address, product, driver }) => `${address} ${product} (${driver})`);
  return {
    code: 'group_shared',
    message: `The host uses other devices of its IOMMU group: ${names.join(', ')}.`,
    hint: 'Put the card in another slot, or take the other devices from their drivers for good (vfio-pci.ids=… on the kernel’s command line).',
  };
}

function bootVga({ functions, traits }: ObstacleInput): GpuObstacle | null {
  const prepared = functions.every(({ driver }) => !isHostDriver(driver) && driver !== null);
  if (traits.bootVga !== true || prepared) return null;
  return {
    code: 'boot_vga',
    message: 'The host itself shows its console on this card.',
    hint: 'Make another card the primary one in the firmware setup, or set the card aside at boot with vfio-pci.ids=… on the kernel’s command line and use the host over the network.',
  };
}

/** A driver that nobody uses is no obstacle: libvirt (managed mode) takes the card from it and gives it back. */
function driverInUse({ functions, traits }: ObstacleInput): GpuObstacle | null {
  const driver = hostDriversOf(functions)[0];
  if (driver === undefined || traits.outputs.length === 0) return null;
  return {
    code: 'driver_in_use',
    message: `The driver ${driver} shows a picture of the host on ${traits.outputs.join(', ')}.`,
    hint: `libvirt takes the card from ${driver} when the machine starts and gives it back when it stops, which hangs while the host draws on it. Plug the monitor into another card and log in again.`,
  };
}

/** Drivers of the host that have a card now. */
export const hostDriversOf = (functions: readonly { driver: string | null }[]): string[] => [
  ...new Set(functions.flatMap(({ driver }) => (isHostDriver(driver) ? (driver ?? []) : []))),
];

function claimed({ functions, others, claims, running }: ObstacleInput): GpuObstacle | null {
  const all = [...functions, ...others].map(({ address }) => address);
  const claim = all.some((address) => claims.has(address));
  // Who has a claim is told by the machine's id, to those who may see it.
  const domain = claim
    ? undefined
    : all.map((address) => running.get(address)).find((name) => name !== undefined);
  if (!claim && domain === undefined) return null;
  const whose = domain === undefined ? 'Another machine' : `The machine “${domain}”`;
  return {
    code: 'claimed',
    message: `${whose} has it, or a device of its IOMMU group.`,
    hint: 'Delete that machine, or choose another card.',
  };
}

interface Holder {
  name: string;
  power: PowerState;
  hostDevices: readonly string[];
}

/** Names of running domains by the address of what they have of the host. */
export function runningHolders(domains: readonly Holder[]): Map<string, string> {
  return new Map(
    domains
      .filter(({ power }) => power !== 'off' && power !== 'crashed')
      .flatMap(({ name, hostDevices }) => hostDevices.map((address) => [address, name] as const)),
  );
}

/** What a machine claims with a card: its functions and everything else in its IOMMU group. */
export function gpuAddresses({ address, functions, groupOthers: others }: Gpu) {
  const slot = slotOf(address);
  return [...functions, ...others].map((one) => ({ address: one.address, slot }));
}
