import { describe, expect, it } from 'vitest';
import { GIB } from '../../fakes/fake-host.ts';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

const CDROM = `<disk type="file" device="cdrom"><source file="/iso/a.iso"/><target dev="sda"/></disk>`;

/** Another tool's domain `old` with a disk of its own, and `twin`, which shares one with `other`. */
async function withDomains() {
  const bench = new LifecycleBench();
  bench.host.addPool('images', { path: '/pools/berth' });
  for (const name of ['old', 'twin']) bench.host.addVolume('images', `${name}.qcow2`, 5 * GIB);
  bench.host.addDomain('old', { uuid: 'u-old', xml: sampleDomain('old', { extra: CDROM }) });
  bench.host.addDomain('twin', { uuid: 'u-twin', xml: sampleDomain('twin') });
  bench.host.addDomain('other', { uuid: 'u-other', xml: sampleDomain('twin') });
  await bench.link.connect();
  return bench;
}

const OLD_DISK = { pool: 'images', name: 'old.qcow2' };

describe('adopting', () => {
  it('shows what it would take over, and why not the rest', async () => {
    const bench = await withDomains();
    const { volumes } = await bench.lifecycle.planAdoption('u-old');
    expect(volumes).toMatchObject([
      { target: 'vda', pool: 'images', name: 'old.qcow2', capacityBytes: 5 * GIB, ownable: true },
      { target: 'sda', pool: null, ownable: false, reason: 'It is a medium, not a disk.' },
    ]);
    const twin = await bench.lifecycle.planAdoption('u-twin');
    expect(twin.volumes).toMatchObject([{ ownable: false, reason: 'Another machine uses it.' }]);
    expect(bench.store.machines.list()).toEqual([]);
    bench.close();
  });

  it('gives the domain a mark and a record, with the disks that were chosen', async () => {
    const bench = await withDomains();
    const { machineId } = await bench.lifecycle.adopt({ machineId: 'u-old', volumes: [OLD_DISK] });
    expect(bench.host.domains.get('u-old')?.metadata).toMatchObject({ machineId });
    expect(bench.library.get(machineId)).toMatchObject({ origin: 'berth', name: 'old' });
    expect(bench.library.peek('u-old')).toBeUndefined();
    expect(bench.store.machines.get(machineId)?.diskBytes).toBe(5 * GIB);
    await bench.lifecycle.delete(machineId);
    expect(bench.host.domains.has('u-old')).toBe(false);
    expect(bench.host.existing()).not.toContain('volume images/old.qcow2');
    expect(bench.host.existing()).toContain('volume images/twin.qcow2');
    bench.close();
  });

  it('deletes no disk that was not given to it', async () => {
    const bench = await withDomains();
    const { machineId } = await bench.lifecycle.adopt({ machineId: 'u-old', volumes: [] });
    await bench.lifecycle.delete(machineId);
    expect(bench.host.existing()).toContain('volume images/old.qcow2');
    bench.close();
  });

  it('refuses disks that others use, and changes nothing then', async () => {
    const bench = await withDomains();
    const request = { machineId: 'u-twin', volumes: [{ pool: 'images', name: 'twin.qcow2' }] };
    await expect(bench.lifecycle.adopt(request)).rejects.toMatchObject({
      code: 'volume_not_ownable',
    });
    expect(bench.store.machines.list()).toEqual([]);
    bench.close();
  });

  it('counts for the quota, and leaves no record when libvirt refuses', async () => {
    const bench = await withDomains();
    bench.hypervisor.fault = ({ method }) => {
      if (method === 'setDomainMark') throw new Error('no');
    };
    const request = { machineId: 'u-old', volumes: [OLD_DISK] };
    await expect(bench.lifecycle.adopt(request)).rejects.toThrow('no');
    expect(bench.store.machines.list()).toEqual([]);
    bench.hypervisor.fault = null;
    const { quota } = bench.store.departments.get('personal') ?? expect.fail('no department');
    bench.store.departments.update('personal', { quota: { ...quota, diskBytes: GIB } });
    await expect(bench.lifecycle.adopt(request)).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(bench.host.domains.get('u-old')?.metadata?.machineId).toBeUndefined();
    bench.close();
  });

  it('adopts only what is not Berth’s already', async () => {
    const bench = await withDomains();
    bench.addMachine('mine');
    await bench.library.refresh();
    await expect(
      bench.lifecycle.adopt({ machineId: 'id-mine', volumes: [] }),
    ).rejects.toMatchObject({ code: 'machine_own' });
    bench.close();
  });
});

describe('forgetting', () => {
  it('takes mark and record, and leaves domain and disks', async () => {
    const bench = await withDomains();
    const { machineId } = await bench.lifecycle.adopt({ machineId: 'u-old', volumes: [OLD_DISK] });
    const before = bench.host.existing();
    await bench.lifecycle.forget(machineId);
    expect(bench.host.existing()).toEqual(before);
    expect(bench.host.domains.get('u-old')?.metadata).toBeNull();
    expect(bench.store.machines.list()).toEqual([]);
    expect(bench.library.get('u-old').origin).toBe('external');
    bench.close();
  });
});
