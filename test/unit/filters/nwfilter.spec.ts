import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FILTER_PRESETS,
  type FilterPolicy,
  type FilterPreset,
  type FilterRule,
} from '../../../src-contract/model/filter.ts';
import { containsNetwork } from '../../../src-main/core/domain/ip-address.ts';
import {
  buildFilterXml,
  type FilterSubject,
  filterNameFor,
} from '../../../src-main/core/domain/nwfilter.ts';
import { sameFilter } from '../../../src-main/core/domain/nwfilter-compare.ts';
import { familiesOf, ruleProblem } from '../../../src-main/core/domain/nwfilter-rule.ts';
import { addressOf, type Packet, rulesOf, verdict } from './packets.ts';

const REMOTES4 = ['192.0.2.7', '192.0.2.0/24', '10.0.0.0/8'];
const REMOTES6 = ['2001:db8::7', '2001:db8::/32'];
const PORTS = [22, 53, 80, 443, 445, 5432, 8080, 40_000];

const anyRule: fc.Arbitrary<FilterRule> = fc
  .record({
    id: fc.uuid(),
    direction: fc.constantFrom('in', 'out', 'inout'),
    action: fc.constantFrom('accept', 'drop', 'reject'),
    protocol: fc.constantFrom('all', 'tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'arp'),
    remote: fc.option(fc.constantFrom(...REMOTES4, ...REMOTES6)),
    ports: fc.option(
      fc
        .tuple(fc.constantFrom(...PORTS), fc.nat(2000))
        .map(([start, more]) => ({ start, end: start + more })),
    ),
    priority: fc.integer({ min: -1000, max: 1000 }),
    states: fc.constant<FilterRule['states']>([]),
    comment: fc.string({ unit: 'grapheme', maxLength: 60 }),
  } as const)
  .filter((rule) => ruleProblem(rule) === null);

const anyPolicy: fc.Arbitrary<FilterPolicy> = fc.record({
  preset: fc.constantFrom(...FILTER_PRESETS),
  rules: fc.uniqueArray(anyRule, { maxLength: 8, selector: ({ id }) => id }),
});

const anyPacket: fc.Arbitrary<Packet> = fc
  .record({
    direction: fc.constantFrom('in', 'out'),
    family: fc.constantFrom(4, 6),
    protocol: fc.constantFrom('tcp', 'udp', 'sctp', 'icmp', 'esp'),
    remote: fc.constantFrom('192.0.2.7', '192.0.2.9', '10.1.1.1', '203.0.113.5'),
    port: fc.constantFrom(...PORTS, 1, 65_535),
  } as const)
  .map((packet) =>
    packet.family === 4 ? packet : { ...packet, remote: `2001:db8::${packet.port % 9}` },
  );

const subject = (
  kind: FilterSubject['kind'],
  policy: FilterPolicy,
  parent: FilterSubject['parent'] = null,
): FilterSubject => ({ kind, name: `berth-${kind}-00000000`, uuid: 'u', policy, parent });

const department = (policy: FilterPolicy) => buildFilterXml(subject('department', policy));
const parentOf = (policy: FilterPolicy) => ({ name: 'berth-department-00000000', policy });

/** Which rule a person would say decides, without looking at XML. */
function expected(packet: Packet, { rules }: FilterPolicy): FilterRule['action'] | null {
  const rule = rules
    .toSorted((a, b) => a.priority - b.priority)
    .find(
      (one) =>
        (one.direction === 'inout' || one.direction === packet.direction) &&
        (one.protocol === 'all' ||
          one.protocol === packet.protocol ||
          (one.protocol === 'icmpv6' && packet.protocol === 'icmp' && packet.family === 6)) &&
        familiesOf(one).includes(packet.family) &&
        (one.ports === null || (packet.port >= one.ports.start && packet.port <= one.ports.end)) &&
        (one.remote === null || containsNetwork(addressOf(one.remote), addressOf(packet.remote))),
    );
  return rule?.action ?? null;
}

describe('the filter compiler', () => {
  it('lets own rules decide as they are ordered, before the preset', () => {
    fc.assert(
      fc.property(anyPolicy, anyPacket, (policy, packet) => {
        const action = expected(packet, policy);
        fc.pre(action !== null);
        expect(verdict(packet, rulesOf(department(policy)))).toBe(action);
      }),
    );
  });

  it('never lets a machine open what its department blocks', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, anyPacket, (shared, own, packet) => {
        const above = department(shared);
        fc.pre(verdict(packet, rulesOf(above)) !== 'accept');
        const machine = buildFilterXml(subject('machine', own, parentOf(shared)));
        // What only the end of an internet-only list refuses is let through by an own rule for all protocols.
        fc.pre(packet.protocol !== 'esp' || shared.preset !== 'internet-only');
        expect(verdict(packet, rulesOf(above, machine))).not.toBe('accept');
      }),
      { numRuns: 100 },
    );
  });

  it('keeps what a machine blocks blocked, unless a rule of the department lets it through', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, anyPacket, (shared, own, packet) => {
        fc.pre(verdict(packet, rulesOf(buildFilterXml(subject('machine', own)))) !== 'accept');
        fc.pre(expected(packet, shared) !== 'accept' && packet.protocol !== 'esp');
        const machine = buildFilterXml(subject('machine', own, parentOf(shared)));
        expect(verdict(packet, rulesOf(department(shared), machine))).not.toBe('accept');
      }),
      { numRuns: 100 },
    );
  });

  it('has a rule for each direction and family of every own rule, within libvirt’s priorities', () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom('department', 'machine'), (policy, kind) => {
        const bare = rulesOf(buildFilterXml(subject(kind, { ...policy, rules: [] }))).length;
        const all = rulesOf(buildFilterXml(subject(kind, policy)));
        const made = policy.rules.reduce(
          (sum, rule) => sum + familiesOf(rule).length * (rule.direction === 'inout' ? 2 : 1),
          0,
        );
        expect(all.length - bare).toBe(made);
        expect(all.every(({ priority }) => Math.abs(priority) <= 1000)).toBe(true);
      }),
    );
  });

  it('escapes what people write, and cuts what iptables could not take', () => {
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const xml = department(policy);
        expect(sameFilter(xml, xml)).toBe(true);
        for (const { match } of rulesOf(xml)) {
          expect(new TextEncoder().encode(match['comment'] ?? '').length).toBeLessThanOrEqual(255);
        }
      }),
    );
    const comment = `<a href="x">it's & "y"</a>`;
    const [rule] = fc.sample(anyRule, 1);
    if (rule === undefined) throw new Error('no sample');
    const tcp = { ...rule, protocol: 'tcp', comment, remote: null, ports: null } as const;
    const rules = rulesOf(department({ preset: 'allow-all', rules: [tcp] }));
    expect(rules.map(({ match }) => match['comment']).filter(Boolean)).toContain(comment);
  });

  it('keeps 200 rules of both apart', () => {
    const [rule] = fc.sample(anyRule, 1);
    if (rule === undefined) throw new Error('no sample');
    const policy = (preset: FilterPreset): FilterPolicy => ({
      preset,
      rules: Array.from({ length: 200 }, (_, index) => ({ ...rule, id: String(index) })),
    });
    const shared = rulesOf(department(policy('internet-only')));
    const own = rulesOf(
      buildFilterXml(subject('machine', policy('block-all'), parentOf(policy('internet-only')))),
    );
    const lastShared = shared.filter(({ priority }) => priority < 0).at(-1)?.priority ?? 0;
    expect(own.at(0)?.priority).toBeGreaterThan(lastShared);
  });

  const packet = (change: Partial<Packet>): Packet => ({
    direction: 'out',
    family: 4,
    protocol: 'tcp',
    remote: '203.0.113.5',
    port: 443,
    ...change,
  });
  const table: [FilterPreset, string, Partial<Packet>, string][] = [
    ['allow-all', 'anything in', { direction: 'in', port: 22 }, 'accept'],
    ['allow-outbound', 'any port out', { port: 9 }, 'accept'],
    ['allow-outbound', 'anything in', { direction: 'in' }, 'drop'],
    [
      'allow-outbound',
      'anything in by IPv6',
      { direction: 'in', family: 6, remote: '::9' },
      'drop',
    ],
    ['internet-only', 'HTTPS', {}, 'accept'],
    ['internet-only', 'HTTPS by IPv6', { family: 6, remote: '2001:db8::1' }, 'accept'],
    ['internet-only', 'DNS', { protocol: 'udp', port: 53 }, 'accept'],
    ['internet-only', 'time', { protocol: 'udp', port: 123 }, 'accept'],
    ['internet-only', 'SSH', { port: 22 }, 'drop'],
    ['internet-only', 'a ping', { protocol: 'icmp' }, 'drop'],
    ['internet-only', 'a tunnel', { protocol: 'esp' }, 'drop'],
    ['internet-only', 'HTTPS in', { direction: 'in' }, 'drop'],
    ['block-all', 'HTTPS', {}, 'drop'],
    ['block-all', 'DNS', { protocol: 'udp', port: 53 }, 'drop'],
    ['block-all', 'IPv6', { family: 6, remote: '::9' }, 'drop'],
    ['allow-all-but-services', 'SSH in', { direction: 'in', port: 22 }, 'drop'],
    ['allow-all-but-services', 'SMB out', { port: 445 }, 'drop'],
    ['allow-all-but-services', 'PostgreSQL in', { direction: 'in', port: 5432 }, 'drop'],
    ['allow-all-but-services', 'HTTP in', { direction: 'in', port: 80 }, 'accept'],
  ];
  it.each(table)('%s: %s', (preset, _what, change, action) => {
    const policy = { preset, rules: [] };
    for (const kind of ['department', 'machine'] as const) {
      expect(verdict(packet(change), rulesOf(buildFilterXml(subject(kind, policy))))).toBe(action);
    }
  });

  it.each(FILTER_PRESETS)('%s lets a machine have an address', (preset) => {
    const xml = department({ preset, rules: [] });
    const first = rulesOf(xml).filter(({ priority }) => priority === -1000);
    const dhcp = first.filter(({ match }) => match['srcportstart'] !== undefined);
    expect(dhcp.map(({ name, direction }) => `${direction} ${name}`)).toEqual([
      'out udp',
      'in udp',
      'out udp-ipv6',
      'in udp-ipv6',
    ]);
    expect(xml).toContain('<filterref filter="clean-traffic"/>');
  });
});

describe('the name of a filter', () => {
  it('is made of a slug and the id, and never longer than libvirt and its schema take', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 64 }), fc.uuid(), (name, id) => {
        const made = filterNameFor(name, id);
        expect(made).toMatch(/^berth-[a-z0-9]+(?:-[a-z0-9]+)*-[0-9a-f]{8}$/);
        expect(made.length).toBeLessThanOrEqual(63);
        expect(made.endsWith(id.slice(0, 8))).toBe(true);
      }),
    );
  });

  it('reads well', () => {
    const id = '3b7e8a54-0000-4000-8000-000000000000';
    expect(filterNameFor('Büro & Labor', id)).toBe('berth-buro-labor-3b7e8a54');
    expect(filterNameFor('機械', id)).toBe('berth-filter-3b7e8a54');
    expect(filterNameFor('Personal', 'personal')).toMatch(/^berth-personal-[0-9a-f]{8}$/);
  });
});
