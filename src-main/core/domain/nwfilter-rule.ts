import type { FilterRule } from '../../../src-contract/model/filter.ts';
import { el, type XmlAttributes, type XmlElement } from './domain-xml-element.ts';
import { formatAddress, parseIpNetwork } from './ip-address.ts';

type Direction = 'in' | 'out';
type Family = 4 | 6;

/** From here on systems take the ports of their own connections (Linux: net.ipv4.ip_local_port_range). */
const EPHEMERAL = 32_768;
const COMMENT_BYTES = 255;
const ALL_STATES = 'NEW,ESTABLISHED,RELATED,INVALID';
const PORT_PROTOCOLS = new Set<FilterRule['protocol']>(['tcp', 'udp', 'sctp']);

/** What is wrong with a rule beyond its shape, as a sentence; null = nothing. */
export function ruleProblem(rule: FilterRule): string | null {
  const { protocol, remote, ports, states } = rule;
  if (ports !== null && !PORT_PROTOCOLS.has(protocol)) {
    return `Ports are for TCP, UDP and SCTP, not for ${protocol}.`;
  }
  if (protocol === 'arp' && states.length > 0) return 'ARP has no connection states.';
  if (/[\p{Cc}\p{Cs}]/u.test(rule.comment)) return 'A comment cannot have control characters.';
  if (remote === null) return null;
  const network = parseIpNetwork(remote);
  if (network === null) return `“${remote}” is neither an address nor a network.`;
  if (network.family === 6 && (protocol === 'icmp' || protocol === 'arp')) {
    return `${protocol} is of IPv4, and ${remote} is an IPv6 address.`;
  }
  if (network.family === 4 && protocol === 'icmpv6') {
    return `ICMPv6 is of IPv6, and ${remote} is an IPv4 address.`;
  }
  return null;
}

/** Which IP families a rule speaks of. */
export function familiesOf({ protocol, remote }: FilterRule): Family[] {
  if (protocol === 'icmp' || protocol === 'arp') return [4];
  if (protocol === 'icmpv6') return [6];
  const network = remote === null ? null : parseIpNetwork(remote);
  return network === null ? [4, 6] : [network.family];
}

/**
 * A rule as libvirt has them (https://libvirt.org/formatnwfilter.html): one for each direction and IP family.
 * libvirt reads addresses and ports as the sender writes them, hence the split of `inout`.
 */
export function compileRule(rule: FilterRule, priority: number): XmlElement[] {
  const directions: readonly Direction[] =
    rule.direction === 'inout' ? ['in', 'out'] : [rule.direction];
  return directions.flatMap((direction) =>
    rule.protocol === 'arp'
      ? [arpRule(rule, direction, priority)]
      : familiesOf(rule).flatMap((family) => ipRules(rule, direction, family, priority)),
  );
}

function ipRules(
  rule: FilterRule,
  direction: Direction,
  family: Family,
  priority: number,
): XmlElement[] {
  const match: XmlAttributes = {
    ...addressOf(rule, direction),
    dstportstart: rule.ports?.start,
    dstportend: rule.ports?.end,
    comment: commentOf(rule),
  };
  const name = protocolName(rule.protocol, family);
  return statesOf(rule).map((state) =>
    filterRule(rule.action, direction, priority, el(name, { ...match, state })),
  );
}

/** `tcp`, `tcp-ipv6`, …; ICMP's names tell the family already. */
function protocolName(protocol: FilterRule['protocol'], family: Family): string {
  if (protocol === 'icmp' || protocol === 'icmpv6') return protocol;
  return family === 6 ? `${protocol}-ipv6` : protocol;
}

/**
 * Values of `state`; undefined leaves the choice to libvirt. An accepting rule then lets new connections of its
 * direction pass with all that belongs to them. A refusing one would hit packets of the other direction too,
 * those that come *from* its ports: that closes a port to packets which the host routes, and which libvirt
 * cannot see before their answer, but with ports that systems use for their own connections it would end those.
 */
function statesOf({ action, ports, states }: FilterRule): (string | undefined)[] {
  if (action !== 'accept') {
    if (states.length > 0) return [states.map((state) => state.toUpperCase()).join(',')];
    return ports !== null && ports.end < EPHEMERAL ? [undefined] : [ALL_STATES];
  }
  if (states.length === 0) return [undefined];
  const rest = states.filter((state) => state !== 'new' && state !== 'established');
  const others = rest.length > 0 ? [rest.map((state) => state.toUpperCase()).join(',')] : [];
  if (states.includes('new')) return [undefined, ...others];
  return [states.map((state) => state.toUpperCase()).join(',')];
}

function addressOf({ remote }: FilterRule, direction: Direction): XmlAttributes {
  const network = remote === null ? null : parseIpNetwork(remote);
  if (network === null) return {};
  const address = formatAddress(network.family, network.address);
  return direction === 'in'
    ? { srcipaddr: address, srcipmask: network.prefix }
    : { dstipaddr: address, dstipmask: network.prefix };
}

/** An accepted ARP packet must still be the machine's own. Refusing one is dropping it. */
function arpRule(rule: FilterRule, direction: Direction, priority: number): XmlElement {
  const network = rule.remote === null ? null : parseIpNetwork(rule.remote);
  const address = network && formatAddress(4, network.address);
  const own = direction === 'out' && rule.action === 'accept';
  const comment = commentOf(rule);
  const match: XmlAttributes =
    direction === 'in'
      ? { arpsrcipaddr: address ?? undefined, arpsrcipmask: network?.prefix }
      : {
          ...(own && { srcmacaddr: '$MAC', arpsrcmacaddr: '$MAC', arpsrcipaddr: '$IP' }),
          arpdstipaddr: address ?? undefined,
          arpdstipmask: network?.prefix,
        };
  const action = rule.action === 'accept' ? 'accept' : 'drop';
  return filterRule(action, direction, priority, el('arp', { ...match, comment }));
}

/** iptables takes 255 bytes (XT_MAX_COMMENT_LEN), and reads a lone `!` as its own negation. */
function commentOf({ comment }: FilterRule): string | undefined {
  const text = comment.trim();
  if (text === '' || text === '!') return undefined;
  let cut = text;
  while (new TextEncoder().encode(cut).length > COMMENT_BYTES) cut = [...cut].slice(0, -1).join('');
  return cut;
}

export function filterRule(
  action: FilterRule['action'],
  direction: FilterRule['direction'],
  priority: number,
  match: XmlElement,
  statematch?: 'false',
): XmlElement {
  return el('rule', { action, direction, priority, statematch }, match);
}
