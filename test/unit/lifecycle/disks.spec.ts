import { describe, expect, it } from 'vitest';
import type { PowerState } from '../../../src-contract/model/machine.ts';
import { parseXml } from '../../../src-main/compose/parse-xml.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { readDetails } from '../../../src-main/core/lifecycle/details.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

async function withMachine(power: PowerState = 'off') {
  const bench = new LifecycleBench();
  bench.addMachine('a', { power, xml: sampleDomain('a') }, [
    { pool: 'berth', name: 'a.qcow2', role: 'disk' },
  ]);
  bench.store.machines.update('id-a', { diskBytes: 10 * GIB });
  await bench.link.connect();
  const { lifecycle, hypervisor, store, host } = bench;
  return {
    bench,
    add: (gib = 20) => lifecycle.addDisk('id-a', { capacityBytes: gib * GIB }),
    remove: (target: string) => lifecycle.removeDisk('id-a', target),
    claimed: () => (store.machines.get('id-a')?.diskBytes ?? 0) / GIB,
    volumes: () => [...(host.pools.get('berth')?.volumes.keys() ?? [])],
    own: () => store.machines.volumes('id-a').map(({ name }) => name),
    targets: async () => (await hypervisor.domainDisks('0000-a')).map(({ target }) => target),
    live: () => host.domains.get('0000-a')?.liveDisks ?? [],
    fail: (method: string, phase: 'before' | 'after' = 'before') => {
      hypervisor.fault = (call) => {
        if (call.method === method && call.phase === phase) {
          throw new BerthError('refused', `${method} is refused`);
        }
      };
    },
  };
}

describe('adding a disk', () => {
  it('makes it like the first and gives it to the machine', async () => {
    const one = await withMachine();
    const disk = await one.add();
    expect(disk).toMatchObject({ target: 'vdb', pool: 'berth', effect: 'now' });
    expect(await one.targets()).toEqual(['vda', 'vdb']);
    expect(one.volumes()).toEqual(['a.qcow2', disk.name]);
    expect(one.own()).toEqual(['a.qcow2', disk.name]);
    expect(one.claimed()).toBe(30);
    const xml = one.bench.host.domains.get('0000-a')?.xml;
    expect(xml).toContain('<driver name="qemu" type="qcow2" queues="2"/>');
    expect(one.live()).toEqual([]);
    expect((await one.add()).target).toBe('vdc');
    one.bench.close();
  });

  it('plugs it into a running machine, or says that it has to wait', async () => {
    const one = await withMachine('running');
    expect(await one.add()).toMatchObject({ effect: 'now' });
    expect(one.live()).toEqual(['vdb']);
    one.fail('attachLiveDisk');
    expect(await one.add()).toMatchObject({
      target: 'vdc',
      effect: 'next-start',
      note: expect.stringContaining('attachLiveDisk is refused'),
    });
    expect(await one.targets()).toEqual(['vda', 'vdb', 'vdc']);
    one.bench.close();
  });

  it.each([
    ['createVolume', 'before'],
    ['createVolume', 'after'],
    ['attachDisk', 'before'],
    ['attachDisk', 'after'],
  ] as const)('leaves nothing when %s fails (%s)', async (method, phase) => {
    const one = await withMachine();
    one.fail(method, phase);
    await expect(one.add()).rejects.toMatchObject({ code: 'refused' });
    expect(one.volumes()).toEqual(['a.qcow2']);
    expect(one.own()).toEqual(['a.qcow2']);
    expect(await one.targets()).toEqual(['vda']);
    expect(one.claimed()).toBe(10);
    one.bench.close();
  });

  it('is held to the quota and to the pool', async () => {
    const one = await withMachine();
    const { store, lifecycle } = one.bench;
    const { quota } = store.departments.get('personal') ?? expect.fail('no department');
    store.departments.update('personal', { quota: { ...quota, diskBytes: 25 * GIB } });
    await expect(one.add()).rejects.toMatchObject({ code: 'quota_exceeded' });
    await expect(one.add(301)).rejects.toMatchObject({ code: 'disk_space' });
    const elsewhere = lifecycle.addDisk('id-a', { capacityBytes: GIB, pool: 'none' });
    await expect(elsewhere).rejects.toMatchObject({ code: 'pool_missing' });
    expect([one.volumes(), one.claimed()]).toEqual([['a.qcow2'], 10]);
    one.bench.close();
  });

  it.each([
    ['createVolume', 'before', ['a.qcow2'], 10],
    ['attachDisk', 'before', ['a.qcow2'], 10],
    ['attachDisk', 'after', ['a.qcow2', expect.stringMatching(/^a-/)], 30],
  ] as const)('is ended by the next process when killed at %s (%s)', async (...of) => {
    const [method, phase, volumes, claimed] = of;
    const one = await withMachine();
    const { hypervisor, alive, lifecycle } = one.bench;
    const dead = Promise.withResolvers<void>();
    hypervisor.fault = (call) => {
      if (call.method !== method || call.phase !== phase) return;
      dead.resolve();
      return new Promise(() => undefined);
    };
    void one.add();
    await dead.promise;
    hypervisor.fault = null;
    await lifecycle.recoverDisks();
    expect(one.claimed()).toBe(30);
    alive.clear();
    await lifecycle.recoverDisks();
    expect(one.volumes()).toEqual(volumes);
    expect(one.own()).toEqual(volumes);
    expect(one.claimed()).toBe(claimed);
    one.bench.close();
  });
});

describe('removing a disk', () => {
  it('takes it from the machine, deletes it and gives the quota back', async () => {
    const one = await withMachine('running');
    await one.add();
    await one.remove('vdb');
    expect([await one.targets(), one.live()]).toEqual([['vda'], []]);
    expect([one.volumes(), one.own()]).toEqual([['a.qcow2'], ['a.qcow2']]);
    expect(one.claimed()).toBe(10);
    one.bench.close();
  });

  it('changes nothing when the guest does not let it go', async () => {
    const one = await withMachine('running');
    const { name } = await one.add();
    one.fail('detachLiveDisk');
    await expect(one.remove('vdb')).rejects.toMatchObject({ code: 'refused' });
    expect(await one.targets()).toEqual(['vda', 'vdb']);
    expect([one.volumes(), one.claimed()]).toEqual([['a.qcow2', name], 30]);
    one.bench.hypervisor.fault = null;
    one.bench.alive.clear();
    await one.bench.lifecycle.recoverDisks();
    expect(one.volumes()).toContain(name);
    one.bench.close();
  });

  it('refuses the system’s disk, others’ disks, and what another volume lies on', async () => {
    const one = await withMachine();
    const { host, hypervisor, library, store } = one.bench;
    const { name } = await one.add();
    host.addVolume('berth', 'theirs.qcow2', GIB);
    const theirs = '<disk type="file" device="disk"><source file="/pools/berth/theirs.qcow2"/>';
    await hypervisor.attachDisk('0000-a', `${theirs}<target dev="vdz" bus="virtio"/></disk>`);
    const { disks } = await readDetails({ hypervisor, store, parseXml }, library.get('id-a'));
    expect(disks.map(({ target, removable }) => [target, removable])).toEqual([
      ['vda', false],
      ['vdb', true],
      ['vdz', false],
    ]);
    for (const [target, code] of [
      ['vda', 'disk_not_extra'],
      ['vdz', 'disk_not_extra'],
      ['vdy', 'disk_missing'],
    ] as const) {
      await expect(one.remove(target)).rejects.toMatchObject({ code });
    }
    const clone = host.addVolume('berth', 'clone.qcow2', GIB);
    clone.facts.backing = { path: `/pools/berth/${name}`, format: 'qcow2' };
    await expect(one.remove('vdb')).rejects.toMatchObject({ code: 'volume_used' });
    expect(one.volumes()).toContain(name);
    one.bench.close();
  });

  it('goes with the machine', async () => {
    const one = await withMachine();
    await one.add();
    await one.bench.delete('id-a');
    expect(one.volumes()).toEqual([]);
    one.bench.close();
  });
});
