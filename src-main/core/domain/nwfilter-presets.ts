import type { FilterPreset } from '../../../src-contract/model/filter.ts';
import { el, type XmlElement } from './domain-xml-element.ts';
import { filterRule } from './nwfilter-rule.ts';

type Ranges = readonly (readonly [start: number, end: number])[];

const FAMILIES = [4, 6] as const;
const PORT_MAX = 65_535;

/** What the internet is made of for a browser: HTTP and HTTPS with QUIC, DNS, NTP. */
const INTERNET = { tcp: [53, 80, 443], udp: [53, 123, 443] } as const;

/** SSH, NetBIOS and SMB, and the ports of common databases (IANA's registry, and the products' defaults). */
const SERVICES: { readonly tcp: Ranges; readonly udp: Ranges } = {
  tcp: [
    [22, 22],
    [139, 139],
    [445, 445],
    [1433, 1434],
    [1521, 1521],
    [3306, 3306],
    [5432, 5432],
    [5984, 5984],
    [6379, 6379],
    [9042, 9042],
    [9200, 9200],
    [11_211, 11_211],
    [27_017, 27_019],
  ],
  udp: [
    [137, 138],
    [1434, 1434],
  ],
};

/** Each shuts out all that the ones after it shut out, but for the last two, which close no direction. */
const STRICTNESS: Record<FilterPreset, number> = {
  'block-all': 3,
  'internet-only': 2,
  'allow-outbound': 1,
  'allow-all-but-services': 0,
  'allow-all': 0,
};

/** Whether `preset` lets fewer kinds of connection begin than `other`. */
export function isStricter(preset: FilterPreset, other: FilterPreset): boolean {
  return STRICTNESS[preset] > STRICTNESS[other];
}

const byFamily = (name: string): readonly [string, string] => [name, `${name}-ipv6`];

/** What a preset forbids, said as refusals, so that those of several presets add up in any order. */
export function presetRefusals(preset: FilterPreset, priority: number): XmlElement[] {
  switch (preset) {
    case 'allow-all':
      return [];
    case 'allow-all-but-services':
      return (['tcp', 'udp'] as const).flatMap((protocol) =>
        dropPorts(protocol, 'in', SERVICES[protocol], priority).concat(
          dropPorts(protocol, 'out', SERVICES[protocol], priority),
        ),
      );
    case 'allow-outbound':
      return noNewInbound(priority);
    case 'internet-only':
      return [
        ...noNewInbound(priority),
        ...(['tcp', 'udp'] as const).flatMap((protocol) =>
          dropPorts(protocol, 'out', complement(INTERNET[protocol]), priority, 'NEW'),
        ),
        ...['icmp', 'icmpv6', ...['sctp', 'udplite', 'esp', 'ah'].flatMap(byFamily)].map((name) =>
          filterRule('drop', 'out', priority, el(name, { state: 'NEW' })),
        ),
      ];
    case 'block-all':
      return dropAll(priority);
  }
}

/** The end of the list, for what no rule before has decided. What is not let in here has an end as well. */
export function presetEnding(preset: FilterPreset, priority: number): XmlElement[] {
  switch (preset) {
    case 'allow-all':
    case 'allow-all-but-services':
      return [];
    case 'allow-outbound':
      return [
        ...byFamily('all').map((name) => filterRule('accept', 'out', priority, el(name))),
        ...dropAll(priority + 1),
      ];
    case 'internet-only':
      return [
        ...(['tcp', 'udp'] as const).flatMap((protocol) =>
          INTERNET[protocol].flatMap((port) =>
            byFamily(protocol).map((name) =>
              filterRule('accept', 'out', priority, el(name, { dstportstart: port })),
            ),
          ),
        ),
        ...dropAll(priority + 1),
      ];
    case 'block-all':
      return dropAll(priority);
  }
}

function noNewInbound(priority: number): XmlElement[] {
  return byFamily('all').map((name) =>
    filterRule('drop', 'in', priority, el(name, { state: 'NEW' })),
  );
}

function dropAll(priority: number): XmlElement[] {
  return byFamily('all').map((name) => filterRule('drop', 'inout', priority, el(name)));
}

function dropPorts(
  protocol: 'tcp' | 'udp',
  direction: 'in' | 'out',
  ranges: Ranges,
  priority: number,
  state?: 'NEW',
): XmlElement[] {
  return ranges.flatMap(([dstportstart, dstportend]) =>
    FAMILIES.map((family) => {
      const name = family === 6 ? `${protocol}-ipv6` : protocol;
      return filterRule('drop', direction, priority, el(name, { dstportstart, dstportend, state }));
    }),
  );
}

/** The ranges between the given ports, which ascend. */
function complement(ports: readonly number[]): Ranges {
  const starts = [0, ...ports.map((port) => port + 1)];
  const ends = [...ports.map((port) => port - 1), PORT_MAX];
  return starts.flatMap((start, index) => {
    const end = ends[index] ?? PORT_MAX;
    return start <= end ? [[start, end] as const] : [];
  });
}
