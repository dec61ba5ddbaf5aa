import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, type Domain, DomainState } from '../../src/index.ts';
import { refused } from '../support/refusals.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';

describe.skipIf(missing !== null)('methods on the test driver', () => {
  let daemon: SessionDaemon;
  let connection: Connection;
  let vm: Domain;

  beforeAll(async () => {
    daemon = await SessionDaemon.start();
    connection = await connect(daemon.uri('test:///default'));
    vm = await connection.domainLookupByName('test');
  });
  afterAll(async () => {
    await connection?.close();
    await daemon?.remove();
  });

  it('the host', async () => {
    expect(await connection.isSecure()).toBe(true);
    expect(await connection.getSecurityModel()).toEqual({ model: 'testSecurity', doi: '' });
    const cpu = (model: string) => `<cpu><arch>x86_64</arch><model>${model}</model></cpu>`;
    expect(await connection.baselineCPU([cpu('Westmere'), cpu('Nehalem')])).toContain('Nehalem');
    await refused(connection.baselineCPU([]));
    await refused(connection.compareCPU(cpu('qemu64')), 'isNotSupported');
    await refused(connection.getMemoryParameters(), 'isNotSupported');
  });

  it('virtual CPUs and where they run', async () => {
    const vcpus = await vm.getVcpus();
    expect(vcpus).toHaveLength(2);
    expect(vcpus[1]).toMatchObject({ number: 1, state: 1 });
    await vm.pinVcpuFlags(1, [0, 3]);
    expect((await vm.getVcpuPinInfo())[1]).toEqual([0, 3]);
    expect((await vm.getVcpus())[1]?.cpus).toEqual([0, 3]);
    await refused(vm.pinVcpuFlags(9, [0]));
    await vm.pinEmulator([2]);
    expect(await vm.getEmulatorPinInfo()).toEqual([2]);
    await refused(vm.pinEmulator([2], 64));
    expect(await vm.getVcpusFlags()).toBe(2);
    await refused(vm.setVcpusFlags(100));
  });

  it('I/O threads', async () => {
    await vm.addIOThread(5);
    await refused(vm.addIOThread(5));
    await vm.pinIOThread(5, [1, 2]);
    await refused(vm.pinIOThread(6, [1]));
    expect(await vm.getIOThreadInfo()).toEqual([{ id: 5, cpus: [1, 2] }]);
    await vm.setIOThreadParams(5, [{ field: 'poll_max_ns', type: 'ullong', value: 32_768n }]);
    await refused(vm.setIOThreadParams(5, [{ field: 'nonsense', type: 'int', value: 1 }]));
    await vm.delIOThread(5);
    await refused(vm.delIOThread(5));
    await refused(vm.getIOThreadInfo(64));
  });

  it('memory', async () => {
    expect(await vm.getMaxMemory()).toBe(8_388_608);
    await vm.setMemoryFlags(1_048_576);
    expect((await vm.getInfo()).memory).toBe(1_048_576);
    await vm.setMemoryStatsPeriod(5, 2).catch((error) => expect(error.name).toBe('LibvirtError'));
    await vm.setMemoryParameters([{ field: 'hard_limit', type: 'ullong', value: 5_000_000n }]);
    expect(await vm.getMemoryParameters()).toMatchObject({ hard_limit: 5_000_000 });
    await refused(vm.setMemoryParameters([{ field: 'hard_limit', type: 'int', value: 1 }]));
    expect((await vm.memoryPeek(0, 512, 2)).length).toBe(512);
    await refused(vm.memoryPeek(0, 512, 0));
  });

  it('NUMA, block weight and performance counters', async () => {
    await vm.setNumaParameters([{ field: 'numa_nodeset', type: 'string', value: '0' }]);
    expect(await vm.getNumaParameters()).toEqual({ numa_mode: 0, numa_nodeset: '0' });
    await refused(vm.setNumaParameters([{ field: 'numa_mode', type: 'int', value: 99 }]));
    await vm.setBlkioParameters([{ field: 'weight', type: 'uint', value: 500 }]);
    expect(await vm.getBlkioParameters()).toMatchObject({ weight: 500 });
    await refused(vm.setBlkioParameters([{ field: 'none', type: 'uint', value: 1 }]));
    await vm.setPerfEvents([{ field: 'cpu_cycles', type: 'boolean', value: true }]);
    expect(await vm.getPerfEvents()).toMatchObject({ cpu_cycles: true, cache_misses: false });
    await refused(vm.setPerfEvents([{ field: 'none', type: 'boolean', value: true }]));
  });

  it('scheduler and launch security', async () => {
    expect(await vm.getSchedulerType()).toEqual({ type: 'fair', nparams: 1 });
    const weight = { field: 'weight', type: 'uint', value: 50 } as const;
    await vm.setSchedulerParametersFlags([weight]);
    await refused(vm.setSchedulerParametersFlags([{ ...weight, field: 'none' }]));
    const secret = { field: 'sev-secret', type: 'string', value: 'x' } as const;
    await refused(vm.setLaunchSecurityState([secret]), 'isNotSupported');
  });

  it('disks and interfaces', async () => {
    const path = 'vda';
    const limit = (field: string) => ({ field, type: 'ullong', value: 4_096n }) as const;
    await vm.setBlockIoTune(path, [limit('total_bytes_sec'), limit('total_bytes_sec_max')], 1);
    expect(await vm.getBlockIoTune(path, 1)).toMatchObject({ total_bytes_sec: 4_096 });
    await refused(vm.getBlockIoTune('vdz', 1));
    expect((await vm.blockStats(path)).rdReq).toBeGreaterThanOrEqual(0);
    expect((await vm.getBlockInfo(path)).capacity).toBeGreaterThan(0);
    const [nic] = await vm.interfaceAddresses();
    expect(nic).toMatchObject({ name: 'testnet0', hwaddr: 'aa:bb:cc:dd:ee:ff' });
    await vm.setInterfaceParameters('aa:bb:cc:dd:ee:ff', [
      { field: 'inbound.average', type: 'uint', value: 100 },
    ]);
    expect(await vm.getInterfaceParameters('aa:bb:cc:dd:ee:ff')).toMatchObject({
      'inbound.average': 100,
    });
    await refused(vm.getInterfaceParameters('none'));
    expect(await vm.getDiskErrors()).toEqual([{ disk: 'vda', error: 1 }]);
  });

  it('what was measured', async () => {
    expect((await vm.getCPUStats())['cpu_time']).toBeGreaterThan(0);
    const each = await vm.getPerCPUStats(0, 2);
    expect(each).toHaveLength(2);
    expect(each[1]?.['vcpu_time']).toBeGreaterThan(0);
    await refused(vm.getPerCPUStats(1_000, 1));
    expect(await vm.getSecurityLabel()).toEqual({ label: 'libvirt-test', enforcing: true });
    expect(await vm.getSecurityLabelList()).toEqual([]);
    expect(await vm.getControlInfo()).toEqual({ state: 0, details: 0, stateTime: 0 });
    await refused(vm.getControlInfo(64));
    expect((await vm.memoryStats()).get(6)).toBeGreaterThan(0);
  });

  it('the guest', async () => {
    expect(await vm.fsFreeze()).toBe(2);
    expect(await vm.fsThaw()).toBe(2);
    await vm.fsTrim('/');
    await refused(vm.fsTrim('/none'));
    expect((await vm.getFSInfo())[0]).toMatchObject({ mountpoint: '/', devAliases: ['vda'] });
    expect(await vm.getHostname()).toBe('testhost');
    await vm.setTime(42, 7);
    expect(await vm.getTime()).toEqual({ seconds: 42, nseconds: 7 });
    await vm.setUserPassword('root', 'secret');
    await refused(vm.getGuestVcpus(), 'isNotSupported');
    await vm.injectNMI();
    await vm.setLifecycleAction(0, 1);
    await refused(vm.setLifecycleAction(0, 99));
  });

  it('checkpoints and snapshots with their families', async () => {
    const named = (name: string) => `<domaincheckpoint><name>${name}</name></domaincheckpoint>`;
    const first = await vm.checkpointCreateXML(named('one'));
    const second = await vm.checkpointCreateXML(named('two'));
    expect((await second.getParent()).name).toBe('one');
    await refused(first.getParent(), 'isNoDomainCheckpoint');
    expect((await first.listAllChildren()).map(({ name }) => name)).toEqual(['two']);
    expect((await vm.listAllCheckpoints(2)).map(({ name }) => name)).toEqual(['one', 'two']);
    expect(await second.getXMLDesc()).toContain('<name>two</name>');
    await second.delete();
    await first.delete();
    await refused(vm.checkpointLookupByName('one'), 'isNoDomainCheckpoint');
    const snapshot = await vm.snapshotCreateXML('<domainsnapshot><name>s</name></domainsnapshot>');
    expect(await snapshot.hasMetadata()).toBe(true);
    await snapshot.revert();
    await snapshot.delete();
    await refused(snapshot.hasMetadata(), 'isNoDomainSnapshot');
  });

  it('saved images', async () => {
    const file = daemon.path('run/saved');
    await vm.saveFlags(file);
    expect(await connection.domainSaveImageGetXMLDesc(file)).toContain('<name>test</name>');
    const xml = await connection.domainSaveImageGetXMLDesc(file);
    await connection.domainSaveImageDefineXML(file, xml);
    await refused(connection.domainSaveImageDefineXML(file, '<domain/>'));
    await refused(connection.domainSaveImageGetXMLDesc('/none'));
    await connection.domainRestoreFlags(file);
    vm = await connection.domainLookupByName('test');
    expect((await vm.getState()).state).toBe(DomainState.RUNNING);
    await refused(vm.saveParams([]), 'isNotSupported');
    await refused(connection.domainRestoreParams([]), 'isNotSupported');
  });

  it('interfaces of the host, and changing them', async () => {
    const nic = await connection.interfaceLookupByName('eth1');
    expect((await connection.interfaceLookupByMACString(nic.mac)).name).toBe('eth1');
    await refused(connection.interfaceLookupByName('none'), 'isNoInterface');
    await refused(connection.interfaceLookupByMACString('00:00:00:00:00:01'), 'isNoInterface');
    expect(await nic.isActive()).toBe(true);
    await nic.destroy();
    await refused(nic.destroy(), 'isOperationInvalid');
    await nic.create();
    await refused(nic.create(), 'isOperationInvalid');
    const xml = await nic.getXMLDesc();
    await connection.interfaceChangeBegin();
    await refused(connection.interfaceChangeBegin(), 'isOperationInvalid');
    const other = await connection.interfaceDefineXML(xml.replaceAll('eth1', 'eth2'));
    await refused(connection.interfaceDefineXML('<interface/>'));
    await other.undefine();
    await refused(other.undefine(), 'isNoInterface');
    await connection.interfaceChangeRollback();
    await connection.interfaceChangeBegin();
    await connection.interfaceChangeCommit();
    await refused(connection.interfaceChangeCommit(), 'isOperationInvalid');
    expect((await connection.listAllInterfaces()).map(({ name }) => name)).toEqual(['eth1']);
  });

  it('events by iteration', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      const { signal } = controller;
      for await (const { domain, event } of connection.events('domain', 'lifecycle', { signal })) {
        seen.push(`${domain.name} ${event}`);
        if (seen.length === 2) break;
      }
    })();
    const suspendAndResume = async () => {
      await vm.suspend();
      await vm.resume();
    };
    // Iterating begins to listen: until then events pass by.
    for (let tries = 0; seen.length < 2 && tries < 50; tries++) await suspendAndResume();
    await reading;
    expect(seen).toHaveLength(2);
    const aborted = connection.events('domain', 'reboot', { signal: controller.signal }).next();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const stop = await connection.onConnectionClosed(() => undefined);
    await stop();
    await refused(
      connection.onQemuMonitorEvent(() => undefined),
      'isNotSupported',
    );
    await refused(
      connection.onSecretEvent('lifecycle', () => undefined),
      'isNotSupported',
    );
  });
});
