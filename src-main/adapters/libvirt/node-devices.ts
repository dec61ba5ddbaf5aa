import { ErrorCode, LibvirtError, ListAllNodeDevicesFlags, type NodeDevice } from 'node-libvirt';
import { formatPciAddress, type PciDevice } from '../../core/domain/pci.ts';
import type { Context, Part } from './context.ts';
import { isCode } from './errors.ts';
import { attributeOf, findAll, findFirst, parseXml, textOf, type XmlNode } from './xml.ts';

/** Descriptions asked for at once. */
const BATCH = 32;

/** Devices of the host: https://libvirt.org/formatnode.html. */
export function nodeDevices({ run }: Context): Part<'listPciDevices'> {
  return {
    listPciDevices: (options) =>
      run(
        'list the devices of the host',
        async (connection, call) => {
          const names = await connection
            .listAllNodeDevices(ListAllNodeDevicesFlags.CAP_PCI_DEV, call)
            .catch(noneIfUnsupported);
          const found: (PciDevice | null)[] = [];
          for (let at = 0; at < names.length; at += BATCH) {
            const batch = names.slice(at, at + BATCH);
            const xml = await Promise.all(
              batch.map((device) => device.getXMLDesc(0, call).catch(nullIfGone)),
            );
            found.push(...xml.map((text) => (text === null ? null : parsePciDevice(text))));
          }
          return found
            .filter((device) => device !== null)
            .sort((a, b) => (a.address < b.address ? -1 : 1));
        },
        options,
      ),
  };
}

function noneIfUnsupported(error: unknown): NodeDevice[] {
  if (isCode(error, 'unsupported')) return [];
  throw error;
}

/** A device can be unplugged while the list is read. */
function nullIfGone(error: unknown): null {
  if (error instanceof LibvirtError && error.code === ErrorCode.NO_NODE_DEVICE) return null;
  throw error;
}

/** Null for a device that is not on the PCI bus. Throws `xml_invalid`. */
export function parsePciDevice(xml: string): PciDevice | null {
  const device = parseXml(xml);
  const pci = findAll(device, 'capability').find((one) => attributeOf(one, 'type') === 'pci');
  if (pci === undefined) return null;
  const part = (name: string) => Number(textOf(findFirst(pci, name)) ?? 0);
  const numa = attributeOf(findFirst(pci, 'numa'), 'node');
  return {
    address: formatPciAddress(part('domain'), part('bus'), part('slot'), part('function')),
    classCode: hex(textOf(findFirst(pci, 'class')), 6),
    vendor: identity(pci, 'vendor'),
    product: identity(pci, 'product'),
    driver: textOf(findFirst(device, 'driver', 'name')) ?? null,
    iommuGroup: groupOf(pci),
    numaNode: numa === undefined || Number(numa) < 0 ? null : Number(numa),
  };
}

const hex = (text: string | undefined, digits: number): string =>
  (text ?? '').trim().toLowerCase().replace(/^0x/, '').padStart(digits, '0');

function identity(pci: XmlNode, name: 'vendor' | 'product'): PciDevice['vendor'] {
  const node = findFirst(pci, name);
  return { id: hex(attributeOf(node, 'id'), 4), name: textOf(node)?.trim() ?? '' };
}

function groupOf(pci: XmlNode): PciDevice['iommuGroup'] {
  const group = findFirst(pci, 'iommuGroup');
  if (group === undefined) return null;
  const addresses = findAll(group, 'address').map((node) => {
    const part = (name: string) => Number(attributeOf(node, name) ?? 0);
    return formatPciAddress(part('domain'), part('bus'), part('slot'), part('function'));
  });
  return { id: Number(attributeOf(group, 'number') ?? 0), addresses };
}
