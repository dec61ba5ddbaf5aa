import { describe, expect, it } from 'vitest';
import type { FilterRule } from '../../../src-contract/model/filter.ts';
import { subnetsOf } from '../../../src-main/adapters/libvirt/network-making.ts';
import {
  changedInterfaces,
  interfacesOf,
  readBinding,
} from '../../../src-main/adapters/libvirt/nwfilters.ts';
import { parseRoutes } from '../../../src-main/adapters/system/host-network.ts';
import { parseRule } from '../../../src-main/cli/filter-options.ts';
import {
  buildNetworkXml,
  formatSubnet,
  freeBridgeName,
  freeSubnet,
} from '../../../src-main/core/domain/department-network.ts';
import { formatAddress, parseIpNetwork } from '../../../src-main/core/domain/ip-address.ts';
import { sameFilter } from '../../../src-main/core/domain/nwfilter-compare.ts';
import { findConflicts } from '../../../src-main/core/domain/nwfilter-conflicts.ts';
import { ruleProblem } from '../../../src-main/core/domain/nwfilter-rule.ts';

const rule = (id: string, change: Partial<FilterRule> = {}): FilterRule => ({
  id,
  direction: 'in',
  action: 'accept',
  protocol: 'tcp',
  remote: null,
  ports: null,
  priority: 0,
  states: [],
  comment: '',
  ...change,
});
const port = (start: number, end = start) => ({ ports: { start, end } });
const kinds = (...rules: FilterRule[]) =>
  findConflicts({ preset: 'allow-all', rules }, null).map(({ kind, ruleIds }) => [
    kind,
    ...ruleIds,
  ]);

describe('conflicts of rules', () => {
  it.each([
    ['the same twice', [rule('a', port(22)), rule('b', port(22))], [['duplicate', 'a', 'b']]],
    [
      'the opposite',
      [rule('a', port(22)), rule('b', { ...port(22), action: 'drop' })],
      [['contradiction', 'a', 'b']],
    ],
    [
      'one that is never reached',
      [rule('b', { ...port(22), priority: 5 }), rule('a', { protocol: 'all', action: 'drop' })],
      [['shadowed', 'a', 'b']],
    ],
    [
      'ranges that cross',
      [rule('a', port(20, 30)), rule('b', { ...port(25, 40), action: 'drop' })],
      [['overlap', 'a', 'b']],
    ],
    [
      'an exception before its rule',
      [rule('a', { ...port(22), remote: '10.0.0.1' }), rule('b', { action: 'drop', priority: 1 })],
      [],
    ],
    ['families apart', [rule('a', { remote: '10.0.0.1' }), rule('b', { remote: '::1' })], []],
    ['directions apart', [rule('a'), rule('b', { direction: 'out', action: 'drop' })], []],
    ['states apart', [rule('a', { states: ['new'] }), rule('b', { states: ['invalid'] })], []],
    ['ARP is no IP', [rule('a', { protocol: 'all' }), rule('b', { protocol: 'arp' })], []],
  ] as const)('%s', (_what, rules, expected) => {
    expect(kinds(...rules)).toEqual(expected);
  });

  it('are found with the department’s rules and preset as well', () => {
    const own = { preset: 'allow-all' as const, rules: [rule('own', port(443))] };
    const closed = { preset: 'allow-outbound' as const, rules: [] };
    expect(findConflicts(own, closed)).toMatchObject([{ kind: 'shadowed', ruleIds: ['own'] }]);
    const ruled = { preset: 'allow-all' as const, rules: [rule('its', { action: 'drop' })] };
    expect(findConflicts(own, ruled)).toMatchObject([
      { kind: 'shadowed', ruleIds: ['its', 'own'] },
    ]);
  });
});

describe('a rule', () => {
  it.each([
    [{ protocol: 'icmp', ...port(22) }, /Ports are for/],
    [{ remote: '10.0.0' }, /neither an address/],
    [{ remote: '10.0.0.1/33' }, /neither/],
    [{ remote: 'fe80::1%eth0' }, /neither/],
    [{ protocol: 'icmp', remote: '::1' }, /IPv4/],
    [{ protocol: 'icmpv6', remote: '10.0.0.1' }, /IPv6/],
    [{ protocol: 'arp', states: ['new'] }, /ARP/],
    [{ comment: 'a\nb' }, /control/],
  ] as const)('%o is told what is wrong', (change, message) => {
    expect(ruleProblem(rule('a', change as Partial<FilterRule>))).toMatch(message);
  });

  it('is read from one line', () => {
    expect(
      parseRule(
        'in accept tcp 80-81 10.0.0.0/8 priority=5 states=new,related comment=Web, mostly',
        'x',
      ),
    ).toEqual(
      rule('x', {
        ...port(80, 81),
        remote: '10.0.0.0/8',
        priority: 5,
        states: ['new', 'related'],
        comment: 'Web, mostly',
      }),
    );
    for (const bad of ['', 'in', 'in accept tcp 99999', 'in accept tcp nonsense', 'up drop all']) {
      expect(() => parseRule(bad, 'x'), bad).toThrow();
    }
  });
});

describe('comparing with what libvirt gives back', () => {
  const ours = `<filter name="f" chain="root"><uuid>u</uuid><rule action="drop" direction="in" priority="500"><tcp-ipv6 srcipaddr="2001:db8::" srcipmask="32" dstportstart="22" dstportend="22" state="NEW,RELATED"/></rule></filter>`;
  it('sees through its way of writing', () => {
    const theirs = `<filter name='f' chain='root' priority='0'>\n <!-- x --> <uuid>u</uuid><rule action='drop' direction='in'>
      <tcp-ipv6 srcipaddr='2001:DB8:0::' srcipmask='32' dstportstart='22' state='RELATED,NEW'/></rule>\n</filter>`;
    expect(sameFilter(ours, theirs)).toBe(true);
  });
  it.each([
    ['another action', 'action="drop"', 'action="accept"'],
    ['another port', 'dstportstart="22"', 'dstportstart="21"'],
    ['another mask', 'srcipmask="32"', 'srcipmask="33"'],
    ['another UUID', '<uuid>u', '<uuid>v'],
    ['one rule less', /<rule.*<\/rule>/, ''],
    ['no state', ' state="NEW,RELATED"', ''],
  ])('sees %s', (_what, from, to) => {
    const other = ours.replace(from, to);
    expect(other).not.toBe(ours);
    expect(sameFilter(ours, other)).toBe(false);
  });
  it('takes nonsense for a difference', () => {
    for (const text of ['', '<x/>', '<filter', 'hello']) expect(sameFilter(text, text)).toBe(false);
  });
});

describe('addresses and subnets', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3', 32],
    ['10.1.2.3/8', '10.1.2.3', 8],
    ['2001:DB8:0:0:0:0:0:1/64', '2001:db8::1', 64],
    ['::', '::', 128],
    ['1::', '1::', 128],
    ['::ffff:192.0.2.1', '::ffff:c000:201', 128],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3', 128],
  ])('%s', (text, address, prefix) => {
    const network = parseIpNetwork(text);
    if (network === null) throw new Error('not read');
    expect(formatAddress(network.family, network.address)).toBe(address);
    expect(network.prefix).toBe(prefix);
  });
  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    ':::',
    '1::2::3',
    '1:2',
    'g::',
    '1.2.3.4/',
    '::/129',
    '1/2/3',
  ])('“%s” is none', (text) => expect(parseIpNetwork(text)).toBeNull());

  it('are given out where nobody is', () => {
    const next = (used: string[], range = '10.177.0.0/16') => {
      const subnet = freeSubnet(range, used);
      return subnet && formatSubnet(subnet);
    };
    expect(next([])).toBe('10.177.0.0/24');
    expect(next(['10.177.0.1/24', '10.177.1.0/25', '192.168.0.0/16', 'fe80::1/64', '?'])).toBe(
      '10.177.2.0/24',
    );
    expect(next(['10.0.0.0/8'])).toBeNull();
    expect(next(['10.177.0.0/24'], '10.177.0.0/24')).toBeNull();
    expect(next([], 'nonsense')).toBeNull();
  });

  it('have a bridge with a short name of its own', () => {
    const id = '3b7e8a54-0000-4000-8000-000000000000';
    const first = freeBridgeName(id, []);
    const second = freeBridgeName(id, [first]);
    expect(first).not.toBe(second);
    for (const name of [first, second]) expect(name.length).toBeLessThanOrEqual(15);
  });

  it('make a network with DHCP, closed unless it is NAT', () => {
    const subnet = freeSubnet('10.177.0.0/16', []);
    if (subnet === null) throw new Error('no subnet');
    const network = { name: 'berth-x', uuid: 'u', bridge: 'b', subnet };
    expect(buildNetworkXml({ ...network, mode: 'isolated' })).not.toContain('forward');
    const nat = buildNetworkXml({ ...network, mode: 'nat' });
    expect(nat).toContain('<forward mode="nat"/>');
    expect(nat).toContain('<range start="10.177.0.2" end="10.177.0.254"/>');
    expect(subnetsOf(nat)).toEqual(['10.177.0.1/24']);
  });

  it('are read from libvirt and from the kernel', () => {
    const xml = `<network><ip address='192.168.122.1' netmask='255.255.255.0'/><ip family='ipv6' address='fd00::1' prefix='64'/></network>`;
    expect(subnetsOf(xml)).toEqual(['192.168.122.1/24', 'fd00::1/64']);
    const table = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\nens3\t00000000\t0101A8C0\t3\t0\t0\t0\t00000000\t0\nens3\t0000B10A\t00000000\t1\t0\t0\t0\t00FFFFFF\t0\n`;
    expect(parseRoutes(table)).toEqual(['10.177.0.0/24']);
  });
});

describe('interfaces of a domain', () => {
  const xml = `<domain><devices>
    <interface type='network'><source network='default'/><model type='virtio'/><filterref filter='old'><parameter name='IP' value='10.0.0.1'/></filterref></interface>
    <interface type='bridge'><source bridge='br0'/></interface>
    <interface type='user'/></devices></domain>`;
  it('are told with their filters', () => {
    expect(interfacesOf(xml)).toEqual([
      { kind: 'network', source: 'default', filter: 'old' },
      { kind: 'bridge', source: 'br0', filter: null },
      { kind: 'user', source: null, filter: null },
    ]);
  });
  it('change only where they must', () => {
    const [first, second, ...more] = changedInterfaces(xml, 'new');
    expect(more).toEqual([]);
    expect(first).toContain('<filterref filter="new">');
    expect(first).not.toContain('old');
    expect(second).toContain('CTRL_IP_LEARNING');
    expect(changedInterfaces(xml, 'old')).toHaveLength(1);
    expect(changedInterfaces(xml, null)).toHaveLength(1);
    expect(changedInterfaces(xml, null)[0]).not.toContain('filterref');
  });
  it('have bindings that name their owner', () => {
    const binding = `<filterbinding><owner><name>a</name><uuid>u-1</uuid></owner></filterbinding>`;
    expect(readBinding(binding, 'vnet0', 'f')).toEqual({
      device: 'vnet0',
      filter: 'f',
      ownerUuid: 'u-1',
    });
  });
});
