/** A PCI device of the host, as libvirt's node devices tell of it. Addresses are like `0000:01:00.0`. */
export interface PciDevice {
  address: string;
  /** Six hexadecimal digits. */
  classCode: string;
  vendor: { id: string; name: string };
  product: { id: string; name: string };
  driver: string | null;
  /** With all its members; null where the host has no IOMMU in use. */
  iommuGroup: { id: number; addresses: readonly string[] } | null;
  numaNode: number | null;
}

/** What the kernel adds about one device; see the kernel's ABI/testing/sysfs-bus-pci. */
export interface KernelPciDevice {
  address: string;
  /** Four hexadecimal digits, as in {@link PciDevice}. */
  vendorId: string;
  productId: string;
  driver: string | null;
  iommuGroup: number | null;
  /** Null where the device is no VGA controller. */
  bootVga: boolean | null;
  /** Connectors that show a picture of the host now, such as `DP-1`. */
  activeOutputs: readonly string[];
}

export interface KernelPci {
  cpuVendor: 'intel' | 'amd' | null;
  /** What the kernel was told at boot; null = nothing. */
  iommuArgument: 'on' | 'off' | null;
  /** `available` = libvirt can load it. */
  vfio: 'loaded' | 'available' | 'missing';
  /** Whether /dev/vfio/vfio is there; the module makes it. */
  vfioNode: boolean;
  devices: readonly KernelPciDevice[];
}

/** What libvirt and the kernel tell of PCI devices. */
export interface PciFacts {
  devices: readonly PciDevice[];
  /** Null = it cannot be read here. */
  kernel: KernelPci | null;
}

const ADDRESS = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])$/i;

/** One spelling for `01:00.0`, `0000:01:00.0` and `00000000:01:00.0`, which is the kernel's; null = no address. */
export function pciAddress(text: string): string | null {
  const match = ADDRESS.exec(text.trim());
  if (match === null) return null;
  const [, domain = '0', bus = '', slot = '', last = ''] = match;
  return formatPciAddress(
    Number.parseInt(domain, 16),
    Number.parseInt(bus, 16),
    Number.parseInt(slot, 16),
    Number.parseInt(last, 16),
  );
}

export function formatPciAddress(domain: number, bus: number, slot: number, last: number): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${hex(last, 1)}`;
}

/** `0000:01:00` of all functions of a card. */
export const slotOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

/** Each card once, in the order of the request. */
export const uniqueAddresses = (addresses: readonly string[]): string[] => [
  ...new Set(addresses.map((address) => pciAddress(address) ?? address)),
];

const DISPLAY = '03';
const BRIDGE = '0604';

export const isDisplay = ({ classCode }: { classCode: string }) => classCode.startsWith(DISPLAY);
/** A bridge stays with the host: the kernel does not demand that it is given away. */
export const isPciBridge = ({ classCode }: { classCode: string }) => classCode.startsWith(BRIDGE);
