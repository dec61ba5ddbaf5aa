import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node-libvirt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { extraDisk } from '../../../src-main/core/domain/domain-xml-extra-disk.ts';
import { waitUntil } from '../../support/daemon/index.ts';
import { type AdapterWorld, createAdapterWorld } from './adapter-world.ts';

const MIB = 1024 ** 2;

let world: AdapterWorld;
beforeAll(async () => {
  world = await createAdapterWorld();
});
afterAll(() => world?.dispose());

it('keeps the folder of a pool that has files of others, and finds them again', async () => {
  const { daemon, hypervisor } = world;
  const { pool } = await hypervisor.ensurePool('kept');
  const folder = daemon.outerPath(pool.targetPath ?? '');
  writeFileSync(join(folder, 'theirs.raw'), 'not ours');
  await hypervisor.removePool('kept');
  expect(existsSync(join(folder, 'theirs.raw'))).toBe(true);
  const { created } = await hypervisor.ensurePool('kept');
  expect(created).toBe(true);
  const found = await hypervisor.findVolume('kept', 'theirs.raw');
  expect(found).toMatchObject({ format: 'raw', capacityBytes: 8 });
  await hypervisor.deleteVolume('kept', 'theirs.raw');
  await hypervisor.removePool('kept');
  expect(existsSync(folder)).toBe(false);
});

it('reads any part of a volume', async () => {
  const { hypervisor } = world;
  await hypervisor.ensurePool('parts');
  const bytes = Buffer.from(Array.from({ length: 3 * MIB }, (_, i) => (i * 31) % 251));
  const spec = { name: 'data.raw', format: 'raw' as const, capacityBytes: bytes.length };
  await hypervisor.createVolume('parts', spec);
  await hypervisor.uploadVolume(
    'parts',
    spec.name,
    (async function* () {
      yield bytes;
    })(),
  );
  for (const [offset, length] of [
    [0, 2048],
    [34_816, 7],
    [1, 2 * MIB],
  ] as const) {
    const read = await hypervisor.readVolume('parts', spec.name, { offset, length });
    expect(Buffer.compare(read, bytes.subarray(offset, offset + length))).toBe(0);
  }
  const end = await hypervisor.readVolume('parts', spec.name, {
    offset: bytes.length - 5,
    length: 5,
  });
  expect(end).toHaveLength(5);
  await hypervisor.deleteVolume('parts', spec.name);
  await hypervisor.removePool('parts');
});

it('starts a pool that is defined but stopped, and builds its folder again', async () => {
  const { daemon, hypervisor } = world;
  const { pool } = await hypervisor.ensurePool('sleeper');
  await daemon.virsh('pool-destroy', 'sleeper');
  await expect(hypervisor.listVolumes('sleeper')).rejects.toMatchObject({
    code: 'pool_inactive',
    fix: { action: 'start-pool', pool: 'sleeper' },
  });
  await daemon.exec('rmdir', pool.targetPath ?? '');
  expect(await hypervisor.ensurePool('sleeper')).toMatchObject({
    created: false,
    pool: { active: true, uuid: pool.uuid },
  });
  await hypervisor.removePool('sleeper');
});

it('makes qcow2 volumes with all extras', async () => {
  const { daemon, hypervisor } = world;
  await hypervisor.ensurePool('extras');
  const base = { name: 'base.raw', format: 'raw' as const, capacityBytes: MIB };
  const { volume } = await hypervisor.createVolume('extras', base);
  const overlay = await hypervisor.createVolume('extras', {
    name: 'overlay.qcow2',
    format: 'qcow2',
    capacityBytes: 4 * MIB,
    backing: { path: volume.path, format: 'raw' },
  });
  expect(overlay.dropped).toEqual([]);
  const { stdout } = await daemon.exec('qemu-img', 'info', '--output=json', overlay.volume.path);
  expect(JSON.parse(stdout)).toMatchObject({
    'virtual-size': 4 * MIB,
    'backing-filename': volume.path,
    'backing-filename-format': 'raw',
    'format-specific': { data: { compat: '1.1', 'lazy-refcounts': true, 'extended-l2': true } },
  });
  for (const name of ['overlay.qcow2', 'base.raw']) await hypervisor.deleteVolume('extras', name);
  await hypervisor.removePool('extras');
});

it('waits with a deletion until libvirt has filled the volume', async () => {
  const { daemon, hypervisor } = world;
  await hypervisor.ensurePool('busy');
  const allocated = {
    format: 'raw' as const,
    capacityBytes: 512 * MIB,
    allocationBytes: 512 * MIB,
  };
  await hypervisor.createVolume('busy', { name: 'source.raw', ...allocated });
  await using raw = await connect(daemon.uri);
  const pool = await raw.storagePoolLookupByName('busy');
  const source = await pool.volLookupByName('source.raw');
  const xml = `<volume><name>copy.raw</name><capacity unit="bytes">${512 * MIB}</capacity>
    <target><format type="raw"/></target></volume>`;
  const copying = pool.createVolXMLFrom(xml, source);
  copying.catch(() => undefined); // what it says is asked below
  await waitUntil('the copy to begin', 60_000, async () => {
    return (await hypervisor.findVolume('busy', 'copy.raw')) !== null;
  });
  await hypervisor.deleteVolume('busy', 'copy.raw');
  // Libvirt refuses to delete what it fills; the copy must have come to its end first, and a good one.
  expect((await copying).name).toBe('copy.raw');
  expect(await hypervisor.findVolume('busy', 'copy.raw')).toBeNull();
  await hypervisor.deleteVolume('busy', 'source.raw');
  await hypervisor.removePool('busy');
});

it('counts the space anew when asked to, also of a pool that is broken', async () => {
  const { daemon, hypervisor } = world;
  const folder = hypervisor.defaultPoolPath('counted');
  await daemon.exec('mkdir', '-p', folder);
  await daemon.exec('mount', '-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder);
  const { pool: empty } = await hypervisor.ensurePool('counted');
  await daemon.exec('dd', 'if=/dev/zero', `of=${folder}/theirs`, 'bs=1M', 'count=8');
  expect(await hypervisor.findPool('counted')).toEqual(empty);
  const pool = await hypervisor.findPool('counted', { maxAgeMs: 0 });
  expect(pool?.availableBytes).toBe(empty.availableBytes - 8 * MIB);
  await daemon.exec('umount', folder);
  await daemon.exec('rmdir', folder);
  expect(await hypervisor.findPool('counted', { maxAgeMs: 3_600_000 })).toEqual(pool);
  // Libvirt stops a pool that it cannot read.
  expect(await hypervisor.findPool('counted', { maxAgeMs: 0 })).toMatchObject({ active: false });
  await hypervisor.removePool('counted');
});

it('says when the disk is full', async () => {
  const { daemon, hypervisor } = world;
  const folder = hypervisor.defaultPoolPath('tiny');
  await daemon.exec('mkdir', '-p', folder);
  await daemon.exec('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder);
  await hypervisor.ensurePool('tiny');
  const spec = { name: 'big.raw', format: 'raw' as const, capacityBytes: 8 * MIB };
  const allocated = { ...spec, allocationBytes: spec.capacityBytes };
  await expect(hypervisor.createVolume('tiny', allocated)).rejects.toMatchObject({
    code: 'disk_full',
  });
  await hypervisor.createVolume('tiny', spec);
  const bytes = async function* () {
    for (let index = 0; index < 8; index++) yield new Uint8Array(MIB).fill(1);
  };
  await expect(hypervisor.uploadVolume('tiny', spec.name, bytes())).rejects.toMatchObject({
    code: 'disk_full',
  });
  await hypervisor.deleteVolume('tiny', spec.name);
  await daemon.virsh('pool-destroy', 'tiny');
  await daemon.exec('umount', folder);
  await hypervisor.removePool('tiny');
});

it('says when the disk of a machine is missing, and whose lock is in the way', async () => {
  const { hypervisor } = world;
  await hypervisor.ensurePool('locks');
  const spec = { name: 'disk.qcow2', format: 'qcow2' as const, capacityBytes: MIB };
  const { volume } = await hypervisor.createVolume('locks', spec);
  const [first, second] = [
    await world.define({}, { disk: volume.path }),
    await world.define({}, { disk: volume.path }),
  ];
  await hypervisor.startDomain(first.domainUuid, { paused: true });
  await expect(hypervisor.startDomain(second.domainUuid)).rejects.toMatchObject({
    code: 'volume_busy',
  });
  await hypervisor.destroyDomain(first.domainUuid);
  await hypervisor.deleteVolume('locks', spec.name);
  await expect(hypervisor.startDomain(first.domainUuid)).rejects.toMatchObject({
    code: 'volume_missing',
  });
  for (const { domainUuid } of [first, second]) await hypervisor.undefineDomain(domainUuid);
  await hypervisor.removePool('locks');
});

it('plugs a disk into a machine that runs, and takes it out again', async () => {
  const { daemon, hypervisor } = world;
  await hypervisor.ensurePool('plugs');
  const spec = { format: 'qcow2' as const, capacityBytes: MIB };
  const first = await hypervisor.createVolume('plugs', { ...spec, name: 'first.qcow2' });
  const second = await hypervisor.createVolume('plugs', { ...spec, name: 'second.qcow2' });
  const { domainUuid: uuid } = await world.define({}, { disk: first.volume.path });
  const targets = async () => (await hypervisor.domainDisks(uuid)).map(({ target }) => target);
  const disk = extraDisk(
    await hypervisor.domainXml(uuid, { inactive: true }),
    second.volume.path,
    new Set(await targets()),
  );
  expect(disk?.target).toBe('vdb');
  await hypervisor.attachDisk(uuid, disk?.xml ?? '');
  expect(await targets()).toEqual(['vda', 'vdb']);
  await hypervisor.detachDisk(uuid, 'vdb');
  await hypervisor.detachDisk(uuid, 'vdb');
  expect(await targets()).toEqual(['vda']);

  // Without a system no guest would take part in it; a disk of a SCSI controller needs none.
  const controller = "<controller type='scsi' model='virtio-scsi'/>";
  const xml = await hypervisor.domainXml(uuid, { inactive: true, secure: true });
  await hypervisor.defineDomain(xml.replace('</devices>', `${controller}</devices>`));
  await hypervisor.startDomain(uuid, { paused: true });
  const scsi = (disk?.xml ?? '').replace(/<driver[^>]*>/, '<driver name="qemu" type="qcow2"/>');
  await hypervisor.attachLiveDisk(
    uuid,
    scsi.replace('dev="vdb" bus="virtio"', 'dev="sda" bus="scsi"'),
  );
  expect(await daemon.virsh('dumpxml', uuid)).toContain(second.volume.path);
  expect(await targets()).toEqual(['vda']);
  await hypervisor.detachLiveDisk(uuid, 'sda');
  expect(await daemon.virsh('dumpxml', uuid)).not.toContain(second.volume.path);
  await hypervisor.detachLiveDisk(uuid, 'sda');

  await hypervisor.destroyDomain(uuid);
  await hypervisor.undefineDomain(uuid);
  for (const name of ['first.qcow2', 'second.qcow2']) await hypervisor.deleteVolume('plugs', name);
  await hypervisor.removePool('plugs');
});
