import type { DepartmentNetwork } from '../../../src-contract/model/department.ts';
import { el, serializeXml } from './domain-xml-element.ts';
import { formatAddress, type IpNetwork, networksOverlap, parseIpNetwork } from './ip-address.ts';
import { idDigits } from './nwfilter.ts';

/** Where subnets of departments' own networks are taken from, one of 24 bits after the other. */
export const DEFAULT_SUBNET_RANGE = '10.177.0.0/16';

const SUBNET_PREFIX = 24;
/** IFNAMSIZ without the final zero. */
const INTERFACE_NAME_MAX = 15;

export const ownNetworkName = (departmentId: string): string => `berth-${idDigits(departmentId)}`;

/** The network that a department's machines are on; null = each is where its template says. */
export function prescribedNetwork(departmentId: string, network: DepartmentNetwork): string | null {
  switch (network.kind) {
    case 'none':
      return null;
    case 'existing':
      return network.name;
    case 'own':
      return network.network ?? ownNetworkName(departmentId);
  }
}

/** A name of at most 15 characters that no interface has. */
export function freeBridgeName(departmentId: string, taken: readonly string[]): string {
  const base = `berth-${idDigits(departmentId)}`.slice(0, INTERFACE_NAME_MAX - 1);
  for (let number = 0; ; number++) {
    const suffix = number === 0 ? '' : String(number);
    const name = `${base.slice(0, INTERFACE_NAME_MAX - suffix.length)}${suffix}`;
    if (!taken.includes(name)) return name;
  }
}

/** The first subnet of `range` that overlaps none of `used`; null = all are taken, or the range is none. */
export function freeSubnet(range: string, used: readonly string[]): IpNetwork | null {
  const whole = parseIpNetwork(range);
  if (whole === null || whole.family !== 4 || whole.prefix > SUBNET_PREFIX) return null;
  const taken = used.flatMap((text) => parseIpNetwork(text) ?? []);
  const step = 1n << BigInt(32 - SUBNET_PREFIX);
  const first = (whole.address >> BigInt(32 - whole.prefix)) << BigInt(32 - whole.prefix);
  const count = 2 ** (SUBNET_PREFIX - whole.prefix);
  for (let index = 0; index < count; index++) {
    const address = first + BigInt(index) * step;
    const subnet: IpNetwork = { family: 4, address, prefix: SUBNET_PREFIX };
    if (!taken.some((other) => networksOverlap(other, subnet))) return subnet;
  }
  return null;
}

interface OwnNetwork {
  name: string;
  uuid: string;
  bridge: string;
  mode: 'nat' | 'isolated';
  subnet: IpNetwork;
}

/** libvirt's definition (https://libvirt.org/formatnetwork.html): DHCP for all but the gateway, which has the first address. */
export function buildNetworkXml({ name, uuid, bridge, mode, subnet }: OwnNetwork): string {
  const host = (number: bigint) => formatAddress(4, subnet.address + number);
  const last = (1n << BigInt(32 - subnet.prefix)) - 2n;
  return serializeXml(
    el(
      'network',
      {},
      el('name', {}, name),
      el('uuid', {}, uuid),
      // Without a forward element libvirt keeps the network to itself.
      mode === 'nat' ? el('forward', { mode }) : null,
      el('bridge', { name: bridge, stp: 'on', delay: 0 }),
      el(
        'ip',
        { address: host(1n), prefix: subnet.prefix },
        el('dhcp', {}, el('range', { start: host(2n), end: host(last) })),
      ),
    ),
  );
}

export const formatSubnet = ({ address, prefix }: IpNetwork): string =>
  `${formatAddress(4, address)}/${prefix}`;
