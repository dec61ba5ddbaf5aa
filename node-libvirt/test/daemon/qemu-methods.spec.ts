import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BlockJobAbortFlags,
  type Connection,
  connect,
  type Domain,
  DomainUndefineFlags,
  type StoragePool,
} from '../../src/index.ts';
import { refused, tooOldOrRefused } from '../support/refusals.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';
import { until } from '../support/until.ts';

const noQemu = existsSync('/usr/bin/qemu-system-x86_64')
  ? null
  : 'qemu-system-x86_64 is not installed (Debian: qemu-system-x86)';
if (noQemu !== null) console.warn(`SKIPPED: tests with QEMU: ${noQemu}`);

const MEBIBYTE = 1 << 20;

describe.skipIf(missing !== null || noQemu !== null)('methods on QEMU', () => {
  let daemon: SessionDaemon;
  let connection: Connection;
  let pool: StoragePool;
  let vm: Domain;
  let version: number;

  const file = (name: string) => daemon.path('pool', name);
  const makeVolume = (name: string, mebibytes: number) =>
    pool.createVolXML(
      `<volume><name>${name}</name><capacity>${mebibytes * MEBIBYTE}</capacity><target><format type="qcow2"/><compat>1.1</compat></target></volume>`,
    );
  const xml = () => `<domain type="qemu">
    <name>methods</name><memory unit="MiB">32</memory><vcpu current="1">2</vcpu>
    <iothreads>1</iothreads>
    <os><type arch="x86_64" machine="q35">hvm</type></os>
    <devices>
      <disk type="file" device="disk"><driver name="qemu" type="qcow2"/>
        <source file="${file('disk.qcow2')}"/><target dev="vda" bus="virtio"/></disk>
      <serial type="pty"/>
      <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
      <channel type="unix"><target type="virtio" name="org.example.0"/></channel>
      <graphics type="vnc" socket="${daemon.path('run/vnc')}"/>
    </devices></domain>`;

  beforeAll(async () => {
    daemon = await SessionDaemon.start();
    connection = await connect(daemon.uri('qemu:///session'));
    version = await connection.getLibVersion();
    const path = daemon.path('pool');
    pool = await connection.storagePoolCreateXML(
      `<pool type="dir"><name>files</name><target><path>${path}</path></target></pool>`,
    );
    await makeVolume('disk.qcow2', 16);
    vm = await connection.domainDefineXML(xml(), 1);
    await vm.createWithFlags();
  });
  afterAll(async () => {
    await connection?.close();
    await daemon?.remove();
  });

  it('the host', async () => {
    expect(await connection.isSecure()).toBe(true);
    expect((await connection.getSecurityModel()).model).not.toBe('');
    expect(await connection.getMemoryParameters()).toHaveProperty('shm_pages_to_scan');
    await refused(connection.setMemoryParameters([{ field: 'x', type: 'uint', value: 1 }]));
    const [small] = await connection.getFreePages([4]);
    expect(small?.[0]).toBeGreaterThan(0);
    await refused(connection.getFreePages([5]));
    await refused(connection.allocPages([{ sizeKiB: 5, count: 1 }]));
    await refused(connection.getSEVInfo());
    await refused(connection.suspendForDuration(99, 60));
    const cpu = '<cpu><arch>x86_64</arch><model>qemu64</model></cpu>';
    expect([0, 1, 2]).toContain(await connection.compareCPU(cpu));
    await refused(connection.compareCPU('<cpu>'));
    await refused(connection.domainXMLFromNative('qemu-argv', 'qemu'), 'isNotSupported');
    expect(await connection.domainXMLToNative('qemu-argv', xml())).toContain('-machine');
    await refused(connection.domainXMLToNative('none', xml()));
  });

  it('virtual CPUs, I/O threads and what they may use', async () => {
    expect(await vm.getVcpus()).toEqual([expect.objectContaining({ number: 0, state: 1 })]);
    await vm.pinVcpuFlags(0, [0], 1);
    expect((await vm.getVcpuPinInfo(1))[0]).toEqual([0]);
    expect((await vm.getEmulatorPinInfo(1)).length).toBeGreaterThan(0);
    await vm.addIOThread(2, 1);
    await vm.setIOThreadParams(2, [{ field: 'poll_max_ns', type: 'ullong', value: 0n }], 1);
    await vm.pinIOThread(2, [0], 1);
    expect(await vm.getIOThreadInfo(1)).toContainEqual({ id: 2, cpus: [0] });
    await vm.delIOThread(2, 1);
    await refused(vm.delIOThread(2, 1));
    await refused(vm.getSchedulerType());
    expect(await vm.getPerfEvents()).toMatchObject({ cpu_cycles: false });
    await vm.setNumaParameters([{ field: 'numa_nodeset', type: 'string', value: '0' }], 2);
    expect(await vm.getNumaParameters(2)).toMatchObject({ numa_nodeset: '0' });
    await refused(vm.getCPUStats(), 'isOperationInvalid');
  });

  it('what was measured, and looks inside', async () => {
    expect(await vm.blockStatsFlags('vda')).toMatchObject({ rd_operations: expect.any(Number) });
    await refused(vm.blockStatsFlags('vdz'));
    await refused(vm.blockPeek('vda', 0, 512), 'isNotSupported');
    expect((await vm.memoryPeek(0, 4_096, 2)).length).toBe(4_096);
    expect(await vm.getControlInfo()).toMatchObject({ state: 0 });
    expect(await vm.getSecurityLabelList()).toHaveLength(1);
    expect(await vm.getSecurityLabel()).toMatchObject({ enforcing: false });
    expect(await vm.getLaunchSecurityInfo()).toEqual({});
    await refused(vm.setLaunchSecurityState([{ field: 'sev-secret', type: 'string', value: 'x' }]));
    await vm.startDirtyRateCalc(1);
    await refused(vm.startDirtyRateCalc(1_000));
    expect(await vm.getMaxMemory()).toBe(32_768);
  });

  it('a block copy that is pivoted to, and a rebase', async () => {
    const ready: number[] = [];
    const stop = await connection.onDomainEvent('block-job', ({ status }) => ready.push(status));
    await makeVolume('copy.qcow2', 16);
    const target = `<disk type="file"><driver type="qcow2"/><source file="${file('copy.qcow2')}"/></disk>`;
    await vm.blockCopy('vda', target, [], 4 | 2);
    await until('the copy is ready', () => ready.includes(3));
    await vm.blockJobSetSpeed('vda', 100);
    await vm.blockJobAbort('vda', BlockJobAbortFlags.PIVOT);
    await until('the copy is used', () => ready.includes(0));
    expect(await vm.getXMLDesc()).toContain('copy.qcow2');
    await refused(vm.blockJobAbort('vda'));
    await vm.blockRebase('vda').catch((error) => expect(error.name).toBe('LibvirtError'));
    await refused(vm.blockRebase('vdz'));
    await stop();
  });

  it('a commit of an overlay into what lies under it', async () => {
    const done: number[] = [];
    const stop = await connection.onDomainEvent('block-job', ({ status }) => done.push(status));
    const source = `<source file="${file('over.qcow2')}"/>`;
    await vm.snapshotCreateXML(
      `<domainsnapshot><disks><disk name="vda" snapshot="external">${source}</disk></disks></domainsnapshot>`,
      16 | 4,
    );
    await vm.blockCommit('vda', null, null, 0, 4);
    await until('the commit is ready', () => done.includes(3));
    await vm.blockJobAbort('vda', BlockJobAbortFlags.PIVOT);
    await until('the commit is over', () => done.includes(0));
    expect(await vm.getXMLDesc()).not.toContain('over.qcow2');
    await refused(vm.blockCommit('vda'));
    await stop();
  });

  it('checkpoints and a backup', async () => {
    const checkpoint = await vm.checkpointCreateXML(
      '<domaincheckpoint><name>one</name></domaincheckpoint>',
    );
    await refused(checkpoint.getParent(), 'isNoDomainCheckpoint');
    expect(await checkpoint.listAllChildren()).toEqual([]);
    await refused(vm.backupGetXMLDesc());
    const ended: unknown[] = [];
    const stop = await connection.onDomainEvent('job-completed', ({ params }) =>
      ended.push(params),
    );
    const target = `<target file="${file('backup.qcow2')}"/>`;
    await vm.backupBegin(
      `<domainbackup><disks><disk name="vda" type="file">${target}</disk></disks></domainbackup>`,
    );
    await until('the backup is complete', () => ended.length > 0);
    expect(ended[0]).toMatchObject({ success: true });
    expect(await vm.getJobStats(1)).toMatchObject({ type: 3 });
    await refused(vm.abortJobFlags(), 'isOperationInvalid');
    await refused(vm.abortJob(), 'isOperationInvalid');
    await checkpoint.delete();
    await stop();
  });

  it('saving, with its definition looked at and changed', async () => {
    await vm.managedSave();
    const saved = await vm.managedSaveGetXMLDesc(1);
    expect(saved).toContain('<name>methods</name>');
    await vm.managedSaveDefineXML(saved.replaceAll('/run/vnc', '/run/vnc2'));
    expect(await vm.managedSaveGetXMLDesc(1)).toContain('/run/vnc2');
    await refused(vm.managedSaveDefineXML('<domain/>'));
    await vm.create();
    await refused(vm.managedSaveGetXMLDesc(), 'isOperationInvalid');
    const parameters = [{ field: 'file', type: 'string', value: file('saved') }] as const;
    await vm.saveParams([...parameters]);
    await connection.domainRestoreParams([...parameters]);
    expect(await vm.isActive()).toBe(true);
    await refused(connection.domainRestoreParams([{ ...parameters[0], value: '/none' }]));
  });

  it('consoles, channels and QEMU’s own events', async () => {
    const seen: string[] = [];
    const stop = await connection.onQemuMonitorEvent(({ event, domain, details }) => {
      seen.push(`${domain.name} ${event} ${details === null ? '' : typeof JSON.parse(details)}`);
    });
    await vm.reset();
    await until('QEMU tells of the reset', () =>
      seen.some((text) => text.startsWith('methods RESET')),
    );
    await stop();
    const channel = await vm.openChannel('org.example.0');
    await channel.abort();
    await refused(vm.openChannel('none'));
    await refused(vm.openConsole('none'));
    const answer = JSON.parse(await vm.qemuMonitorCommand('{"execute":"query-status"}'));
    expect(answer).toMatchObject({ return: { status: 'running' } });
    await refused(
      vm.qemuMonitorCommand('{"execute":"none"}').then((text) => {
        if (!('error' in JSON.parse(text))) return;
        throw Object.assign(new Error(text), { name: 'LibvirtError' });
      }),
    );
  });

  it.each<[string, () => Promise<unknown>]>([
    ['ping', () => vm.agent.ping()],
    ['exec', () => vm.agent.exec('/bin/true')],
    ['getGuestVcpus', () => vm.getGuestVcpus()],
    ['getGuestInfo', () => vm.getGuestInfo()],
    ['setGuestVcpus', () => vm.setGuestVcpus('0', true)],
    ['fsFreeze', () => vm.fsFreeze()],
    ['getFSInfo', () => vm.getFSInfo()],
    ['authorizedSSHKeysGet', () => vm.authorizedSSHKeysGet('root')],
    ['authorizedSSHKeysSet', () => vm.authorizedSSHKeysSet('root', [])],
    ['pmSuspendForDuration', () => vm.pmSuspendForDuration(0)],
  ])('%s says that no agent answers', async (_name, call) => {
    await vm.agentSetResponseTimeout(1);
    await refused(call(), 'isAgentUnresponsive');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['graphicsReload', () => vm.graphicsReload(99)],
    ['setThrottleGroup', () => vm.setThrottleGroup('g', [])],
    ['delThrottleGroup', () => vm.delThrottleGroup('g')],
    ['coreDumpWithFormat', () => vm.coreDumpWithFormat('/nonexistent/x', 0)],
  ])('%s fails with a LibvirtError', async (_name, call) => {
    await tooOldOrRefused(call());
  });

  it('starting once with the host, where the daemon knows that', async () => {
    if (version < 11_002_000) await refused(vm.getAutostartOnce(), 'isNotSupported');
    else expect(await vm.getAutostartOnce()).toBe(false);
    await vm.setAutostartOnce(false).catch((error) => expect(error.isNotSupported).toBe(true));
  });

  it('devices of the host', async () => {
    const devices = await connection.listAllNodeDevices();
    const device = devices.find((each) => each.name.startsWith('net_lo_'));
    if (device === undefined) throw new Error('the host has no loopback device');
    expect(await device.isActive()).toBe(true);
    expect(await device.isPersistent()).toBe(false);
    expect(await device.getAutostart()).toBe(false);
    await refused(device.create(), 'isOperationInvalid');
    await refused(device.undefine(), 'isOperationInvalid');
    await refused(device.setAutostart(true), 'isNotSupported');
    await tooOldOrRefused(device.update('<device/>'));
    await refused(device.detachFlags());
    await refused(device.reAttach());
    await refused(device.reset());
    await refused(device.destroy());
    const mdev = (parent: string) =>
      `<device><parent>${parent}</parent><capability type="mdev"><type id="x"/></capability></device>`;
    await refused(connection.nodeDeviceDefineXML(mdev('none')));
    await refused(connection.nodeDeviceCreateXML(mdev('none')));
    await refused(connection.nodeDeviceLookupSCSIHostByWWN('2000000000000000', '2000000000000001'));
    const stop = await connection.onNodeDeviceEvent('update', () => undefined);
    await stop();
  });

  it('interfaces of the host', async () => {
    const loopback = await connection.interfaceLookupByName('lo');
    expect(typeof (await loopback.isActive())).toBe('boolean');
    expect(await loopback.getXMLDesc()).toContain('<interface');
    await refused(connection.interfaceLookupByName('none'), 'isNoInterface');
    for (const call of [
      () => loopback.create(),
      () => loopback.destroy(),
      () => loopback.undefine(),
      () => connection.interfaceDefineXML('<interface type="ethernet" name="none"/>'),
      () => connection.interfaceChangeBegin(),
      () => connection.interfaceChangeCommit(),
      () => connection.interfaceChangeRollback(),
    ]) {
      await refused(call(), 'isNotSupported');
    }
  });

  it('networks: ports and metadata', async () => {
    const network = await connection.networkDefineXML(
      '<network><name>plugs</name><bridge name="lvtbr0"/></network>',
    );
    const uuid = '33333333-2222-3333-4444-555555555555';
    await refused(network.listAllPorts(), 'isOperationInvalid');
    await refused(network.portLookupByUUID(uuid));
    await refused(network.portCreateXML('<networkport/>'));
    await tooOldOrRefused(network.getMetadata(1));
    if (version < 9_007_000) await refused(network.setMetadata(1, 'A title'), 'isNotSupported');
    else await network.setMetadata(1, 'A title');
    await network.undefine();
  });

  it('secrets and their events', async () => {
    const seen: string[] = [];
    const stops = [
      await connection.onSecretEvent('lifecycle', ({ secret, event }) => {
        seen.push(`${secret.usageID} ${event}`);
      }),
      await connection.onSecretEvent('value-changed', ({ secret }) => {
        seen.push(`${secret.usageID} value`);
      }),
    ];
    const secret = await connection.secretDefineXML(
      '<secret ephemeral="no" private="no"><usage type="ceph"><name>key</name></usage></secret>',
    );
    await secret.setValue(Buffer.from('hush'));
    expect(Buffer.from(await secret.getValue()).toString()).toBe('hush');
    expect((await connection.secretLookupByUsage(2, 'key')).uuid).toBe(secret.uuid);
    expect(await secret.getXMLDesc()).toContain('key');
    await secret.undefine();
    await refused(secret.getValue(), 'isNoSecret');
    await until('all three are told', () => seen.length === 3);
    expect(seen).toEqual(['key 0', 'key value', 'key 1']);
    for (const stop of stops) await stop();
  });

  it('the end of the machine', async () => {
    const disk = `<disk type="file"><driver name="qemu" type="raw"/><source file="${file('disk.qcow2')}"/><target dev="sdb" bus="usb"/></disk>`;
    await vm.attachDeviceFlags(disk, 1);
    expect(Buffer.from(await vm.blockPeek('sdb', 0, 3)).toString()).toBe('QFI');
    await refused(vm.blockPeek('vdz', 0, 512));
    await vm.destroyFlags();
    await refused(vm.getVcpus(), 'isOperationInvalid');
    await vm.undefineFlags(DomainUndefineFlags.MANAGED_SAVE);
    await refused(vm.getMaxMemory(), 'isNoDomain');
  });
});
