import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Connection,
  connect,
  DomainEventType,
  DomainState,
  type LibvirtError,
} from '../../src/index.ts';
import { missing, SessionDaemon } from '../support/session-daemon.ts';
import { until } from '../support/until.ts';

describe.skipIf(missing !== null)('the test driver of a real daemon', () => {
  let daemon: SessionDaemon;
  let connection: Connection;

  beforeAll(async () => {
    daemon = await SessionDaemon.start();
    connection = await connect(daemon.uri('test:///default'));
  });
  afterAll(async () => {
    await connection?.close();
    await daemon?.remove();
  });

  const xml = (name: string) =>
    `<domain type="test"><name>${name}</name><memory unit="KiB">65536</memory><os><type>hvm</type></os></domain>`;

  it('says who it is', async () => {
    expect(await connection.getURI()).toBe('test:///default');
    expect(await connection.getType()).toBe('TEST');
    expect(await connection.getLibVersion()).toBeGreaterThanOrEqual(6_000_000);
    expect(await connection.getVersion()).toBe(2);
    expect(await connection.getHostname()).not.toBe('');
    expect(await connection.getNodeInfo()).toMatchObject({ model: 'i686', cpus: 16, nodes: 2 });
    expect(await connection.getFreeMemory()).toBeGreaterThan(0);
    expect((await connection.getCPUMap()).online.length).toBeGreaterThan(0);
    expect(await connection.getCapabilities()).toContain('<capabilities>');
  });

  it('takes a domain through its life, and events tell of it', async () => {
    const seen: [string, number][] = [];
    const stop = await connection.onDomainEvent('lifecycle', ({ domain, event }) =>
      seen.push([domain.name, event]),
    );
    const vm = await connection.domainDefineXML(xml('life'));
    expect(vm).toMatchObject({ name: 'life', id: -1 });
    expect(await vm.isActive()).toBe(false);
    expect(await vm.isPersistent()).toBe(true);
    await vm.createWithFlags();
    expect(vm.id).toBeGreaterThan(0);
    expect(await vm.getState()).toMatchObject({ state: DomainState.RUNNING });
    expect((await connection.domainLookupByID(vm.id)).uuid).toBe(vm.uuid);
    await vm.suspend();
    expect(await vm.getState()).toMatchObject({ state: DomainState.PAUSED });
    await vm.resume();
    expect(await vm.getInfo()).toMatchObject({ state: DomainState.RUNNING, memory: 65_536 });
    await vm.destroyFlags();
    expect(vm.id).toBe(-1);
    await vm.setAutostart(true);
    expect(await vm.getAutostart()).toBe(true);
    await vm.undefineFlags();
    await until('undefined is told', () =>
      seen.some(([, event]) => event === DomainEventType.UNDEFINED),
    );
    const { DEFINED, STARTED, SUSPENDED, RESUMED, STOPPED, UNDEFINED } = DomainEventType;
    expect(seen).toEqual(
      [DEFINED, STARTED, SUSPENDED, RESUMED, STOPPED, UNDEFINED].map((event) => ['life', event]),
    );
    await stop();
  });

  it.each<[string, () => Promise<unknown>, keyof LibvirtError]>([
    ['a domain', () => connection.domainLookupByName('none'), 'isNoDomain'],
    ['a network', () => connection.networkLookupByName('none'), 'isNoNetwork'],
    ['a pool', () => connection.storagePoolLookupByName('none'), 'isNoStoragePool'],
    ['a volume', () => connection.storageVolLookupByPath('/none'), 'isNoStorageVol'],
    ['a device', () => connection.nodeDeviceLookupByName('none'), 'isNoNodeDevice'],
    ['broken XML', () => connection.domainDefineXML('<domain>'), 'isXMLInvalid'],
    ['a driver it lacks', () => connection.listAllSecrets(), 'isNotSupported'],
  ])('fails in its own way for %s', async (_what, call, predicate) => {
    await expect(call()).rejects.toMatchObject({ name: 'LibvirtError', [predicate]: true });
  });

  it('has pools, volumes and networks', async () => {
    const [pool] = await connection.listAllStoragePools();
    expect(await pool!.isActive()).toBe(true);
    expect(await pool!.getInfo()).toMatchObject({ state: 2, capacity: 107_374_182_400 });
    expect((await connection.storagePoolLookupByUUID(pool!.uuid)).name).toBe(pool!.name);
    const volume = await pool!.createVolXML(
      '<volume><name>a.img</name><capacity unit="MiB">5</capacity></volume>',
    );
    expect(volume).toMatchObject({ name: 'a.img', pool: pool!.name });
    expect(await volume.getInfo()).toMatchObject({ type: 0, capacity: 5 * 1024 * 1024 });
    expect(await volume.getPath()).toMatch(/a\.img$/);
    expect((await pool!.listAllVolumes()).map(({ name }) => name)).toEqual(['a.img']);
    expect((await connection.storagePoolLookupByVolume(volume)).uuid).toBe(pool!.uuid);
    await volume.delete();
    await expect(pool!.volLookupByName('a.img')).rejects.toMatchObject({ isNoStorageVol: true });

    const [network] = await connection.listAllNetworks();
    expect(await network!.isActive()).toBe(true);
    expect(await network!.getBridgeName()).toBe('virbr0');
    expect((await connection.networkLookupByUUID(network!.uuid)).name).toBe('default');
    const defined = await connection.networkDefineXML(
      '<network><name>other</name><bridge name="virbr9"/></network>',
    );
    await defined.create();
    await defined.destroy();
    await defined.undefine();
  });

  it('has devices and interfaces', async () => {
    const [device] = await connection.listAllNodeDevices();
    expect(await device!.getXMLDesc()).toContain('<device>');
    expect(await connection.listAllInterfaces()).toEqual([
      { name: 'eth1', mac: 'aa:bb:cc:dd:ee:ff' },
    ]);
  });

  it('sends a screenshot by stream', async () => {
    const [vm] = await connection.listAllDomains();
    const { mime, stream } = await vm!.screenshot();
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(mime).toBe('image/png');
    expect(Buffer.concat(chunks).subarray(1, 4).toString()).toBe('PNG');
  });

  it('keeps snapshots', async () => {
    const [vm] = await connection.listAllDomains();
    const snapshot = await vm!.snapshotCreateXML(
      '<domainsnapshot><name>one</name></domainsnapshot>',
    );
    expect(snapshot).toMatchObject({ name: 'one', domainUUID: vm!.uuid });
    expect(await snapshot.isCurrent()).toBe(true);
    expect((await vm!.listAllSnapshots()).map(({ name }) => name)).toEqual(['one']);
    expect((await vm!.snapshotCurrent()).name).toBe('one');
    await expect(snapshot.getParent()).rejects.toMatchObject({ isNoDomainSnapshot: true });
    await snapshot.delete();
    expect(await vm!.hasCurrentSnapshot()).toBe(false);
  });

  it('keeps metadata, title and description', async () => {
    const [vm] = await connection.listAllDomains();
    await vm!.setMetadata(2, '<note/>', 'n', 'urn:test');
    expect(await vm!.getMetadata(2, 'urn:test')).toContain('note');
    await vm!.setMetadata(2, null, 'n', 'urn:test');
    await expect(vm!.getMetadata(2, 'urn:test')).rejects.toMatchObject({
      isNoDomainMetadata: true,
    });
  });

  it('measures all domains in one call', async () => {
    const stats = await connection.getAllDomainStats();
    expect(stats.length).toBeGreaterThan(0);
    expect(stats[0]!.params['state.state']).toBe(DomainState.RUNNING);
  });

  it('takes many calls at once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    const machines = await Promise.all(names.map((name) => connection.domainDefineXML(xml(name))));
    expect(machines.map(({ name }) => name)).toEqual(names);
    const states = await Promise.all(machines.map((vm) => vm.getState()));
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set([DomainState.SHUTOFF]));
    await Promise.all(machines.map((vm) => vm.undefineFlags()));
  });

  it('takes XML of megabytes', async () => {
    const description = 'x'.repeat(3_000_000);
    const big = xml('big').replace('<memory', `<description>${description}</description><memory`);
    const vm = await connection.domainDefineXML(big);
    expect((await vm.getXMLDesc()).length).toBeGreaterThan(3_000_000);
    await vm.undefineFlags();
  });

  it('refuses to change anything on a read-only connection', async () => {
    const reader = await connect(daemon.uri('test:///default'), { readonly: true });
    try {
      await expect(reader.domainDefineXML(xml('no'))).rejects.toMatchObject({
        isAccessDenied: true,
      });
    } finally {
      await reader.close();
    }
  });

  it('refuses a URI that it has no driver for', async () => {
    await expect(connect(daemon.uri('vbox:///session'))).rejects.toMatchObject({
      name: 'LibvirtError',
    });
  });

  it('gives a file’s machines to the connection that opened it', async () => {
    const file = daemon.path('node.xml');
    await writeFile(file, `<node>${xml('mine')}<cpu><mhz>1</mhz><model>i986</model></cpu></node>`);
    const own = await connect(daemon.uri(`test://${file}`));
    try {
      expect((await own.listAllDomains()).map(({ name }) => name)).toEqual(['mine']);
    } finally {
      await own.close();
    }
  });
});
