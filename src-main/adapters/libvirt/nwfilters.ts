import {
  type Connection,
  type Domain,
  DomainDeviceModifyFlags,
  DomainXMLFlags,
  type CallOptions as LibvirtCallOptions,
  LibvirtError,
} from 'node-libvirt';
import { IP_LEARNING } from '../../core/domain/nwfilter.ts';
import type { NwFilterBindingFacts, NwFilterFacts } from '../../core/ports/network-filters.ts';
import type { Context, Part } from './context.ts';
import { isCode, tolerate } from './errors.ts';
import {
  attributeOf,
  findAll,
  findFirst,
  parseXml,
  printXml,
  textOf,
  type XmlNode,
} from './xml.ts';

type FilterPart = Part<
  | 'listNwFilters'
  | 'findNwFilter'
  | 'defineNwFilter'
  | 'undefineNwFilter'
  | 'listNwFilterBindings'
  | 'setDomainFilter'
  | 'domainInterfaces'
>;

/** Network filters: https://libvirt.org/formatnwfilter.html. */
export function nwfilters({ run }: Context): FilterPart {
  return {
    listNwFilters: (options) =>
      run(
        'list the network filters',
        async (connection, call) =>
          (await connection.listAllNWFilters(0, call)).map(({ name, uuid }) => ({ name, uuid })),
        options,
      ),
    findNwFilter: (name, options) =>
      run(
        `read the network filter “${name}”`,
        (connection, call) => readFilter(connection, name, call),
        options,
      ),
    defineNwFilter: (xml, options) =>
      run(
        'define the network filter',
        async (connection, call) => {
          const { name, uuid } = await connection.nwfilterDefineXML(xml, 0, call);
          return { name, uuid };
        },
        options,
      ),
    undefineNwFilter: (name, options) => {
      const done = run(
        `remove the network filter “${name}”`,
        async (connection, call) =>
          (await connection.nwfilterLookupByName(name, call)).undefine(call),
        options,
      );
      return tolerate(['filter_missing'], done);
    },
    listNwFilterBindings: (options) =>
      run(
        'list the bindings of network filters',
        async (connection, call) => {
          const bindings = await connection.listAllNWFilterBindings(0, call);
          const facts = await Promise.all(
            bindings.map(async (binding) => {
              const xml = await unlessGone(binding.getXMLDesc(0, call));
              return xml === null ? null : readBinding(xml, binding.portDev, binding.filterName);
            }),
          );
          return facts.filter((one) => one !== null);
        },
        options,
      ),
    ...domainParts(run),
  };
}

function domainParts(run: Context['run']): Part<'setDomainFilter' | 'domainInterfaces'> {
  return {
    setDomainFilter: (uuid, filter, options) =>
      run(
        'put the machine under its network filter',
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          const [active, persistent] = await Promise.all([
            domain.isActive(call),
            domain.isPersistent(call),
          ]);
          if (persistent) await update(domain, filter, 'stored', call);
          if (active) await update(domain, filter, 'live', call);
        },
        options,
      ),
    domainInterfaces: (uuid, options) =>
      run(
        'read the network interfaces of the machine',
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          const flags = (await domain.isPersistent(call)) ? DomainXMLFlags.INACTIVE : 0;
          return interfacesOf(await domain.getXMLDesc(flags, call));
        },
        options,
      ),
  };
}

async function readFilter(
  connection: Connection,
  name: string,
  call: LibvirtCallOptions,
): Promise<NwFilterFacts | null> {
  try {
    const filter = await connection.nwfilterLookupByName(name, call);
    return { name: filter.name, uuid: filter.uuid, xml: await filter.getXMLDesc(0, call) };
  } catch (error) {
    if (isCode(error, 'filter_missing')) return null;
    throw error;
  }
}

/** A machine that has just stopped has taken its binding with it. */
async function unlessGone(xml: Promise<string>): Promise<string | null> {
  try {
    return await xml;
  } catch (error) {
    if (error instanceof LibvirtError && isCode(error, 'binding_missing')) return null;
    throw error;
  }
}

export function readBinding(xml: string, device: string, filter: string): NwFilterBindingFacts {
  const owner = textOf(findFirst(parseXml(xml), 'owner', 'uuid'));
  return { device, filter, ownerUuid: owner ?? null };
}

const FILTERED = new Set(['network', 'bridge']);

const filteredInterfaces = (xml: string): XmlNode[] =>
  findAll(parseXml(xml), 'devices', 'interface').filter((card) =>
    FILTERED.has(attributeOf(card, 'type') ?? ''),
  );

export function interfacesOf(domainXml: string) {
  return findAll(parseXml(domainXml), 'devices', 'interface').map((card) => {
    const source = findFirst(card, 'source');
    return {
      kind: attributeOf(card, 'type') ?? '',
      source: attributeOf(source, 'network') ?? attributeOf(source, 'bridge') ?? null,
      filter: attributeOf(findFirst(card, 'filterref'), 'filter') ?? null,
    };
  });
}

async function update(
  domain: Domain,
  filter: string | null,
  where: 'live' | 'stored',
  call: LibvirtCallOptions,
): Promise<void> {
  const { CONFIG, LIVE } = DomainDeviceModifyFlags;
  const stored = where === 'stored';
  const xml = await domain.getXMLDesc(stored ? DomainXMLFlags.INACTIVE : 0, call);
  for (const card of changedInterfaces(xml, filter)) {
    try {
      await domain.updateDeviceFlags(card, stored ? CONFIG : LIVE, call);
    } catch (error) {
      if (stored || !isCode(error, 'domain_inactive')) throw error;
    }
  }
}

/** The interfaces that have another filter, as they should be. */
export function changedInterfaces(domainXml: string, filter: string | null): string[] {
  return filteredInterfaces(domainXml).flatMap((card) => {
    const reference = findFirst(card, 'filterref');
    if ((attributeOf(reference, 'filter') ?? null) === filter) return [];
    const elements = (card.elements ?? []).filter(({ name }) => name !== 'filterref');
    const wanted = filter === null ? [] : [filterReference(filter)];
    return [printXml({ ...card, elements: [...elements, ...wanted] })];
  });
}

const filterReference = (filter: string): XmlNode => ({
  type: 'element',
  name: 'filterref',
  attributes: { filter },
  elements: [{ type: 'element', name: 'parameter', attributes: { ...IP_LEARNING } }],
});
