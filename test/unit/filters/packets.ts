import { type Element, type ElementCompact, xml2js } from 'xml-js';
import {
  containsNetwork,
  type IpNetwork,
  parseIpNetwork,
} from '../../../src-main/core/domain/ip-address.ts';

/** The first packet of a connection, as it comes to the firewall. */
export interface Packet {
  direction: 'in' | 'out';
  family: 4 | 6;
  protocol: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'esp';
  remote: string;
  port: number;
}

interface Rule {
  priority: number;
  direction: string;
  action: string;
  name: string;
  match: Record<string, string>;
}

/** The rules of all filters as libvirt lines them up: one list, by priority. */
export function rulesOf(...filters: string[]): Rule[] {
  return filters
    .flatMap((xml) => {
      const document: Element | ElementCompact = xml2js(xml, { compact: false });
      const elements: Element[] = document['elements'] ?? [];
      return elements[0]?.elements ?? [];
    })
    .filter(({ name }) => name === 'rule')
    .map(({ attributes = {}, elements = [] }) => ({
      priority: Number(attributes['priority']),
      direction: String(attributes['direction']),
      action: String(attributes['action']),
      name: elements[0]?.name ?? '',
      match: Object.fromEntries(
        Object.entries(elements[0]?.attributes ?? {}).map(([key, value]) => [key, String(value)]),
      ),
    }))
    .sort((a, b) => a.priority - b.priority);
}

/** What becomes of a packet; `accept` where no rule matches, as in libvirt. */
export function verdict(packet: Packet, rules: readonly Rule[]): string {
  return rules.find((rule) => matches(packet, rule))?.action ?? 'accept';
}

function matches(packet: Packet, { direction, name, match }: Rule): boolean {
  if (direction !== 'inout' && direction !== packet.direction) return false;
  if (match['state'] !== undefined && !match['state'].split(',').includes('NEW')) return false;
  const own = packet.protocol === 'icmp' && packet.family === 6 ? 'icmpv6' : packet.protocol;
  const suffixed = packet.family === 6 && own !== 'icmpv6' ? `${own}-ipv6` : own;
  const all = packet.family === 6 ? 'all-ipv6' : 'all';
  if (name !== suffixed && name !== all) return false;
  if (match['type'] !== undefined || match['srcportstart'] !== undefined) return false;
  const side = packet.direction === 'in' ? 'src' : 'dst';
  if (match[`${side}ipaddr`] !== undefined) {
    const network = parseIpNetwork(`${match[`${side}ipaddr`]}/${match[`${side}ipmask`]}`);
    const address = parseIpNetwork(packet.remote);
    if (!(network && address && containsNetwork(network, address))) return false;
  }
  const start = match['dstportstart'];
  if (start === undefined) return true;
  return packet.port >= Number(start) && packet.port <= Number(match['dstportend'] ?? start);
}

export const addressOf = (text: string): IpNetwork => {
  const network = parseIpNetwork(text);
  if (network === null) throw new Error(`${text} is no address`);
  return network;
};
