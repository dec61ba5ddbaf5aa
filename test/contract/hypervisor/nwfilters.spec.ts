import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FilterPolicy } from '../../../src-contract/model/filter.ts';
import { createLibvirtHypervisor } from '../../../src-main/adapters/libvirt/index.ts';
import { buildNetworkXml, freeSubnet } from '../../../src-main/core/domain/department-network.ts';
import { buildFilterXml, type FilterSubject } from '../../../src-main/core/domain/nwfilter.ts';
import { sameFilter } from '../../../src-main/core/domain/nwfilter-compare.ts';
import { ruleProblem } from '../../../src-main/core/domain/nwfilter-rule.ts';
import type { Hypervisor } from '../../../src-main/core/ports/hypervisor.ts';
import { startRootDaemon, type TestDaemon } from '../../support/daemon/index.ts';
import { silentLog } from './small-machine.ts';

const failsWith = (code: string) => expect.objectContaining({ code });
const rule = (change: Partial<FilterPolicy['rules'][number]>): FilterPolicy['rules'][number] => ({
  id: randomUUID(),
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

/** One rule of each kind that there is. */
const RULES = [
  rule({ ports: { start: 443, end: 443 }, remote: '10.0.0.0/8', comment: `it's <b> & "c" é` }),
  rule({ action: 'reject', direction: 'inout', ports: { start: 20, end: 25 }, priority: 3 }),
  rule({
    protocol: 'udp',
    remote: '2001:DB8:0:0::1',
    direction: 'out',
    states: ['new', 'related'],
  }),
  rule({ protocol: 'sctp', action: 'drop', remote: '2001:db8::/32' }),
  rule({ protocol: 'icmp', action: 'drop', states: ['invalid'], remote: '192.0.2.1' }),
  rule({ protocol: 'icmpv6', action: 'accept', direction: 'inout' }),
  rule({ protocol: 'arp', action: 'accept', direction: 'inout', remote: '192.0.2.0/24' }),
  rule({ protocol: 'arp', action: 'reject', direction: 'out' }),
  rule({ protocol: 'all', action: 'drop', direction: 'out', remote: '198.51.100.7/32' }),
  rule({ protocol: 'all', action: 'drop', ports: null, priority: 900, comment: '!' }),
];

describe('network filters of libvirt', () => {
  let daemon: TestDaemon;
  let hypervisor: Hypervisor;
  beforeAll(async () => {
    daemon = await startRootDaemon();
    hypervisor = createLibvirtHypervisor({ uri: daemon.uri, log: silentLog });
    await hypervisor.connect();
  });
  afterAll(async () => {
    await hypervisor?.close();
    await daemon?.stop();
  });

  const subject = (change: Partial<FilterSubject> = {}): FilterSubject => ({
    kind: 'department',
    name: 'berth-contract-00000001',
    uuid: randomUUID(),
    policy: { preset: 'allow-outbound', rules: RULES },
    parent: null,
    ...change,
  });

  it('gives back every kind of rule as it was told, and every preset', async () => {
    expect(RULES.map(ruleProblem)).toEqual(RULES.map(() => null));
    const presets = ['block-all', 'internet-only', 'allow-all-but-services', 'allow-all'] as const;
    const policies = [
      { preset: 'allow-outbound' as const, rules: RULES },
      ...presets.map((preset) => ({ preset, rules: [] })),
    ];
    const { uuid, name } = subject();
    for (const policy of policies) {
      const xml = buildFilterXml(subject({ uuid, policy }));
      expect(await hypervisor.defineNwFilter(xml)).toEqual({ name, uuid });
      const found = await hypervisor.findNwFilter(name);
      expect(found?.uuid).toBe(uuid);
      expect(sameFilter(found?.xml ?? '', xml), found?.xml).toBe(true);
    }
    await hypervisor.undefineNwFilter(name);
    expect(await hypervisor.findNwFilter(name)).toBeNull();
    await hypervisor.undefineNwFilter(name);
  });

  it('keeps a name that is taken, and lists what there is', async () => {
    const parent = subject();
    const child = subject({
      kind: 'machine',
      name: 'berth-child-00000002',
      parent: { name: parent.name, policy: parent.policy },
    });
    await hypervisor.defineNwFilter(buildFilterXml(parent));
    await hypervisor.defineNwFilter(buildFilterXml(child));
    await expect(
      hypervisor.defineNwFilter(buildFilterXml({ ...parent, uuid: randomUUID() })),
    ).rejects.toEqual(failsWith('filter_exists'));
    const names = (await hypervisor.listNwFilters()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([parent.name, child.name, 'clean-traffic']));
    expect(await hypervisor.listNwFilterBindings()).toEqual([]);
    await hypervisor.undefineNwFilter(child.name);
    await hypervisor.undefineNwFilter(parent.name);
  });

  it('makes a network, refuses its name to another, and removes it', async () => {
    const used = await hypervisor.listNetworkSubnets();
    expect(used).toEqual(['192.168.122.1/24']);
    const subnet = freeSubnet('10.177.0.0/16', used);
    if (subnet === null) throw new Error('no subnet is free');
    const network = { name: 'berth-net', uuid: randomUUID(), bridge: 'berth-net0', subnet };
    for (const mode of ['nat', 'isolated'] as const) {
      const xml = buildNetworkXml({ ...network, mode });
      expect(await hypervisor.createNetwork(xml)).toEqual({
        name: network.name,
        uuid: network.uuid,
      });
      expect(await hypervisor.findNetwork(network.name)).toMatchObject({ active: true });
      expect(await hypervisor.listNetworkSubnets()).toContain('10.177.0.1/24');
      expect(await hypervisor.listNetworks()).toContainEqual({
        name: network.name,
        active: true,
        bridge: 'berth-net0',
        forward: mode === 'nat' ? 'nat' : null,
      });
      const other = buildNetworkXml({ ...network, mode, uuid: randomUUID() });
      await expect(hypervisor.createNetwork(other)).rejects.toEqual(failsWith('network_exists'));
      await hypervisor.removeNetwork(network.name);
      expect(await hypervisor.findNetwork(network.name)).toBeNull();
      await hypervisor.removeNetwork(network.name);
    }
  });
});
