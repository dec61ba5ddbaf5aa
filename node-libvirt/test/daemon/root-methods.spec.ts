import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRootDaemon, type TestDaemon } from '../../../test/support/daemon/index.ts';
import {
  type Connection,
  connect,
  type Domain,
  type Network,
  NetworkUpdateCommand,
  NetworkUpdateFlags,
  NetworkUpdateSection,
} from '../../src/index.ts';
import { refused } from '../support/refusals.ts';
import { missing } from '../support/session-daemon.ts';

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.warn('SKIPPED: tests of what only the system daemon has: they need root');
const hasQemu = existsSync('/usr/bin/qemu-system-x86_64');

const UUID = '33333333-2222-3333-4444-555555555555';
const MAC = '52:54:00:7b:35:93';

describe.skipIf(missing !== null || !isRoot || !hasQemu)('methods of a system daemon', () => {
  let daemon: TestDaemon;
  let connection: Connection;
  let network: Network;
  let vm: Domain;

  beforeAll(async () => {
    daemon = await startRootDaemon();
    connection = await connect(daemon.uri);
    network = await connection.networkLookupByName('default');
    if (!(await network.isActive())) await network.create();
  });
  afterAll(async () => {
    await connection?.close();
    await daemon?.stop();
  });

  it('plugs into a network, and pulls the plug', async () => {
    const port = await network.portCreateXML(
      `<networkport><uuid>${UUID}</uuid><owner><name>me</name><uuid>${UUID}</uuid></owner><mac address="${MAC}"/><bandwidth><inbound average="10"/></bandwidth></networkport>`,
    );
    expect(port).toMatchObject({ uuid: UUID, networkName: 'default' });
    expect(await port.getXMLDesc()).toContain(MAC);
    expect((await network.listAllPorts()).map(({ uuid }) => uuid)).toEqual([UUID]);
    expect((await network.portLookupByUUID(UUID)).uuid).toBe(UUID);
    expect(await port.getParameters()).toMatchObject({ 'inbound.average': 10 });
    const faster = { field: 'inbound.average', type: 'uint', value: 20 } as const;
    await port.setParameters([faster]);
    expect(await port.getParameters()).toMatchObject({ 'inbound.average': 20 });
    await port.delete();
    await refused(port.setParameters([faster]), 'isNoNetworkPort');
    await refused(network.portLookupByUUID(UUID), 'isNoNetworkPort');
    await refused(port.delete(), 'isNoNetworkPort');
  });

  it('changes a part of a network', async () => {
    const { ADD_LAST, DELETE } = NetworkUpdateCommand;
    const { IP_DHCP_HOST } = NetworkUpdateSection;
    const fixed = `<host mac="${MAC}" ip="192.168.122.77"/>`;
    await network.update(ADD_LAST, IP_DHCP_HOST, -1, fixed, NetworkUpdateFlags.CONFIG);
    expect(await network.getXMLDesc(1)).toContain('192.168.122.77');
    await refused(network.update(ADD_LAST, IP_DHCP_HOST, -1, fixed, NetworkUpdateFlags.CONFIG));
    await network.update(DELETE, IP_DHCP_HOST, -1, fixed, NetworkUpdateFlags.CONFIG);
    expect(await network.getDHCPLeases()).toEqual([]);
    expect(await network.getBridgeName()).toMatch(/^virbr/);
  });

  it('keeps network filters', async () => {
    const filter = await connection.nwfilterDefineXML(
      '<filter name="lvt-filter"><rule action="accept" direction="out"/></filter>',
    );
    expect((await connection.listAllNWFilters()).map(({ name }) => name)).toContain('lvt-filter');
    expect((await connection.nwfilterLookupByUUID(filter.uuid)).name).toBe('lvt-filter');
    expect((await connection.nwfilterLookupByName('lvt-filter')).uuid).toBe(filter.uuid);
    expect(await filter.getXMLDesc()).toContain('lvt-filter');
    await refused(connection.nwfilterDefineXML('<filter/>'));
    await refused(connection.nwfilterLookupByName('none'), 'isNoNWFilter');
    await refused(connection.nwfilterBindingLookupByPortDev('none'), 'isNoNWFilterBinding');
    await refused(connection.nwfilterBindingCreateXML('<filterbinding/>'));
  });

  it('runs a machine whose interface is filtered and limited', async () => {
    vm = await connection.domainCreateXML(`<domain type="qemu">
      <name>limited</name><memory unit="MiB">32</memory><vcpu>1</vcpu>
      <os><type arch="x86_64" machine="q35">hvm</type></os>
      <devices><interface type="network"><source network="default"/><target dev="lvt0"/>
        <mac address="${MAC}"/><model type="virtio"/><filterref filter="lvt-filter"/></interface>
      </devices></domain>`);
    const binding = await connection.nwfilterBindingLookupByPortDev('lvt0');
    expect(binding.filterName).toBe('lvt-filter');
    expect(await binding.getXMLDesc()).toContain(MAC);
    expect(await connection.listAllNWFilterBindings()).toHaveLength(1);
    const filter = await connection.nwfilterLookupByName('lvt-filter');
    await refused(filter.undefine());
    expect((await vm.interfaceStats('lvt0')).rxPackets).toBeGreaterThanOrEqual(0);
    expect(await vm.getInterfaceParameters('lvt0')).toMatchObject({ 'inbound.average': 0 });
    expect(await network.listAllPorts()).toHaveLength(1);
    expect(await vm.interfaceAddresses()).toEqual([]);
    await binding.delete();
    await refused(binding.getXMLDesc(), 'isNoNWFilterBinding');
  });

  it('measures and limits by control groups', async () => {
    const { type } = await vm.getSchedulerType();
    expect(type).toBe('posix');
    const shares = { field: 'cpu_shares', type: 'ullong', value: 512n } as const;
    // Which controllers there are depends on the host: what it has must work, the rest be refused.
    const works = await vm.setSchedulerParametersFlags([shares], 1).then(
      () => true,
      (error) => {
        expect(error.name).toBe('LibvirtError');
        return false;
      },
    );
    if (works) expect(await vm.getSchedulerParametersFlags(1)).toMatchObject({ cpu_shares: 512 });
    const total = await vm.getCPUStats().catch((error) => error);
    if (!(total instanceof Error)) expect(total['cpu_time']).toBeGreaterThan(0);
    else expect(total.name).toBe('LibvirtError');
    await refused(vm.setSchedulerParametersFlags([{ ...shares, field: 'none' }], 1));
    await vm.destroy();
    await refused(vm.getSchedulerType(), 'isNoDomain');
    await (await connection.nwfilterLookupByName('lvt-filter')).undefine();
  });
});
