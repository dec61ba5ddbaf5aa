import type { FilterOwner } from '../../src-contract/model/filter.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import type {
  FilterRecord,
  FilterRepository,
} from '../../src-main/core/ports/filter-repository.ts';
import type { HostBridge, HostNetwork } from '../../src-main/core/ports/host-network.ts';
import type { CallOptions } from '../../src-main/core/ports/hypervisor.ts';
import type { NetworkFilters, NetworkMaking } from '../../src-main/core/ports/network-filters.ts';
import type { FakeHost } from './fake-host.ts';
import { tag } from './fake-xml.ts';

type Call = <T>(
  method: string,
  subject: string,
  options: CallOptions,
  act: () => T | Promise<T>,
) => Promise<T>;

/** What one daemon has of filters and of networks made with XML. */
export class FakeNetworking {
  readonly filters = new Map<string, { uuid: string; xml: string }>([
    ['clean-traffic', { uuid: 'f-clean', xml: "<filter name='clean-traffic'/>" }],
  ]);
  readonly defined = new Map<string, { uuid: string; xml: string }>();
  /** IP networks of libvirt's other networks. */
  readonly subnets: string[] = [];
  bridges: HostBridge[] = [{ name: 'br0', up: true, mtu: 1500 }];
  used: string[] = [];
  bridgeFirewall: boolean | null = true;

  /** `<kind> <name>` of all that Berth can have made. */
  existing(): string[] {
    const own = [...this.filters.keys()].filter((name) => name.startsWith('berth-'));
    return [
      ...own.map((name) => `nwfilter ${name}`),
      ...[...this.defined.keys()].map((name) => `network ${name}`),
    ];
  }
}

/** The calls of a daemon's connection, for FakeHypervisor to attach. */
export class NetworkingCalls implements NetworkFilters, NetworkMaking {
  declare readonly listNwFilters: NetworkFilters['listNwFilters'];
  declare readonly findNwFilter: NetworkFilters['findNwFilter'];
  declare readonly defineNwFilter: NetworkFilters['defineNwFilter'];
  declare readonly undefineNwFilter: NetworkFilters['undefineNwFilter'];
  declare readonly listNwFilterBindings: NetworkFilters['listNwFilterBindings'];
  declare readonly setDomainFilter: NetworkFilters['setDomainFilter'];
  declare readonly domainInterfaces: NetworkFilters['domainInterfaces'];
  declare readonly findNetwork: NetworkMaking['findNetwork'];
  declare readonly listNetworkSubnets: NetworkMaking['listNetworkSubnets'];
  declare readonly createNetwork: NetworkMaking['createNetwork'];
  declare readonly removeNetwork: NetworkMaking['removeNetwork'];

  protected attach(host: FakeHost, call: Call): void {
    Object.assign(this, fakeNetworking(host, call));
  }
}

const attribute = (xml: string, pattern: RegExp): string => pattern.exec(xml)?.[1] ?? '';
const filterrefs = (xml: string): string[] =>
  [...xml.matchAll(/<filterref filter=["']([^"']+)["']/g)].map(([, name]) => name ?? '');

function fakeNetworking(host: FakeHost, call: Call): NetworkFilters & NetworkMaking {
  const { networking } = host;
  const { filters, defined } = networking;
  const domain = (uuid: string) => {
    const found = host.domains.get(uuid);
    if (found === undefined) throw new BerthError('domain_missing', `no domain '${uuid}'`);
    return found;
  };
  const cards = (xml: string) =>
    [...xml.matchAll(/<interface type="(?:network|bridge)">[\s\S]*?<\/interface>/g)].map(
      ([card]) => card,
    );
  const supported =
    <T>(act: () => T) =>
    () => {
      if (host.facts.scope === 'system') return act();
      throw new BerthError(
        'unsupported',
        'this function is not supported by the connection driver',
      );
    };
  const bindings = () =>
    [...host.domains.values()]
      .filter(({ power }) => power !== 'off' && power !== 'crashed')
      .flatMap(({ uuid, xml }) =>
        filterrefs(xml).map((filter) => ({ device: `vnet-${uuid}`, filter, ownerUuid: uuid })),
      );
  const rests = (name: string, on: string): boolean =>
    name === on || filterrefs(filters.get(name)?.xml ?? '').some((other) => rests(other, on));
  const isUsed = (name: string) => bindings().some(({ filter }) => rests(filter, name));
  return {
    listNwFilters: (options = {}) =>
      call(
        'listNwFilters',
        '',
        options,
        supported(() => [...filters].map(([name, { uuid }]) => ({ name, uuid }))),
      ),
    findNwFilter: (name, options = {}) =>
      call(
        'findNwFilter',
        name,
        options,
        supported(() => {
          const found = filters.get(name);
          return found ? { name, ...found } : null;
        }),
      ),
    defineNwFilter: (xml, options = {}) => {
      const name = attribute(xml, /<filter name="([^"]+)"/);
      return call(
        'defineNwFilter',
        name,
        options,
        supported(() => {
          const uuid = tag(xml, 'uuid');
          const known = filters.get(name);
          if (known && known.uuid !== uuid) throw new BerthError('filter_exists', `${name} exists`);
          for (const other of filterrefs(xml)) {
            if (!filters.has(other)) throw new BerthError('filter_missing', `no filter '${other}'`);
          }
          filters.set(name, { uuid, xml });
          return { name, uuid };
        }),
      );
    },
    undefineNwFilter: (name, options = {}) =>
      call(
        'undefineNwFilter',
        name,
        options,
        supported(() => {
          if (isUsed(name)) throw new BerthError('filter_in_use', 'nwfilter is in use');
          filters.delete(name);
        }),
      ),
    listNwFilterBindings: (options = {}) =>
      call('listNwFilterBindings', '', options, supported(bindings)),
    setDomainFilter: (uuid, filter, options = {}) =>
      call('setDomainFilter', uuid, options, () => {
        const found = domain(uuid);
        if (filter !== null && found.power === 'running' && !filters.has(filter)) {
          throw new BerthError('filter_missing', `no filter '${filter}'`);
        }
        for (const card of cards(found.xml)) {
          const bare = card.replace(/\s*<filterref[\s\S]*?(?:<\/filterref>|\/>)/, '');
          const reference = filter === null ? '' : `<filterref filter="${filter}"></filterref>`;
          found.xml = found.xml.replace(
            card,
            bare.replace('</interface>', `${reference}</interface>`),
          );
        }
      }),
    domainInterfaces: (uuid, options = {}) =>
      call('domainInterfaces', uuid, options, () =>
        [...domain(uuid).xml.matchAll(/<interface type="(\w+)">([\s\S]*?)<\/interface>/g)].map(
          ([, kind = '', card = '']) => ({
            kind,
            source: attribute(card, /<source (?:network|bridge)="([^"]+)"/) || null,
            filter: filterrefs(card)[0] ?? null,
          }),
        ),
      ),
    findNetwork: (name, options = {}) =>
      call('findNetwork', name, options, () => {
        const found = defined.get(name);
        const active = host.networks.find((one) => one.name === name)?.active ?? false;
        return found ? { name, ...found, active } : null;
      }),
    listNetworkSubnets: (options = {}) =>
      call('listNetworkSubnets', '', options, () => [
        ...networking.subnets,
        ...[...defined.values()].map(({ xml }) => `${attribute(xml, /<ip address="([^"]+)"/)}/24`),
      ]),
    createNetwork: (xml, options = {}) => {
      const name = tag(xml, 'name');
      return call('createNetwork', name, options, () => {
        const uuid = tag(xml, 'uuid');
        const known = defined.get(name);
        if (known && known.uuid !== uuid) throw new BerthError('network_exists', `${name} exists`);
        defined.set(name, { uuid, xml });
        const bridge = attribute(xml, /<bridge name="([^"]+)"/);
        const forward = attribute(xml, /<forward mode="([^"]+)"/) || null;
        if (!host.networks.some((one) => one.name === name)) {
          host.networks.push({ name, active: true, bridge, forward });
        }
        return { name, uuid };
      });
    },
    removeNetwork: (name, options = {}) =>
      call('removeNetwork', name, options, () => {
        defined.delete(name);
        const index = host.networks.findIndex((one) => one.name === name);
        if (index !== -1) host.networks.splice(index, 1);
      }),
  };
}

export function fakeHostNetwork(host: FakeHost): HostNetwork {
  const { networking } = host;
  return {
    bridges: async () => networking.bridges,
    interfaces: async () => networking.bridges.map(({ name }) => name),
    usedSubnets: async () => networking.used,
    bridgeFirewall: async () => networking.bridgeFirewall,
  };
}

interface Handle {
  filters: Map<string, FilterRecord>;
  read: <T>(value: T) => T;
  write: <T>(method: string, act: () => T) => T;
}

const ownerKey = ({ kind, id }: FilterOwner): string => `${kind} ${id}`;

export function fakeFilters({ filters, read, write }: Handle): FilterRepository {
  return {
    list: () => read([...filters.values()]),
    get: (owner) => read(filters.get(ownerKey(owner)) ?? null),
    save: (record) =>
      write(
        'filters.save',
        () => void filters.set(ownerKey(record.owner), structuredClone(record)),
      ),
    remove: (owner) => write('filters.remove', () => void filters.delete(ownerKey(owner))),
  };
}
