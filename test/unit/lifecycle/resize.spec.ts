import { describe, expect, it } from 'vitest';
import type { PowerState } from '../../../src-contract/model/machine.ts';
import { lineChanges, resizedXml } from '../../../src-main/core/domain/domain-xml-edit.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

async function withMachine(power: PowerState = 'off') {
  const bench = new LifecycleBench();
  bench.addMachine('a', { power, vcpus: 2, memoryBytes: GIB, xml: sampleDomain('a') }, [
    { pool: 'berth', name: 'a.qcow2', role: 'disk' },
  ]);
  const volume = bench.host.pools.get('berth')?.volumes.get('a.qcow2');
  if (volume) volume.facts.capacityBytes = 10 * GIB;
  bench.database.machines.set('id-a', {
    ...(bench.store.machines.get('id-a') ?? expect.fail('no record')),
    vcpus: 2,
    memoryBytes: GIB,
    diskBytes: 10 * GIB,
  });
  await bench.link.connect();
  const record = () => bench.store.machines.get('id-a');
  const limit = (quota: { vcpus?: number; diskBytes?: number }) => {
    const { quota: old } = bench.store.departments.get('personal') ?? expect.fail('no department');
    bench.store.departments.update('personal', { quota: { ...old, ...quota } });
  };
  return { bench, volume, record, limit };
}

describe('a definition with other sizes', () => {
  it('changes the sizes and nothing else', () => {
    const changes = lineChanges(
      sampleDomain('a'),
      resizedXml(sampleDomain('a'), { vcpus: 4, memoryBytes: 3 * GIB }) ?? '',
    );
    expect(changes.filter(({ kind }) => kind === 'added').map(({ text }) => text.trim())).toEqual([
      `<memory unit='KiB'>${3 * 1024 ** 2}</memory>`,
      `<currentMemory unit='KiB'>${3 * 1024 ** 2}</currentMemory>`,
      "<vcpu placement='static'>4</vcpu>",
      "<topology sockets='1' cores='4' threads='1'/>",
      "<driver name='qemu' type='qcow2' queues='4'/>",
    ]);
    expect(changes.filter(({ kind }) => kind === 'removed')).toHaveLength(5);
  });

  it('is refused where a placement depends on it', () => {
    const pinned = sampleDomain('a').replace(
      '<cpu ',
      "<cputune><vcpupin vcpu='0' cpuset='1'/></cputune><cpu ",
    );
    expect(resizedXml(pinned, { vcpus: 4 })).toBeNull();
    expect(resizedXml(pinned, { memoryBytes: GIB })).toContain("cpuset='1'");
    expect(resizedXml(pinned.replace('<topology', '<numa></numa><topology'), {})).toBeNull();
  });
});

describe('resizing', () => {
  it('changes a machine that is off at once, its quota included', async () => {
    const { bench, volume, record } = await withMachine();
    const done = await bench.lifecycle.resize('id-a', {
      vcpus: 4,
      memoryBytes: 2 * GIB,
      diskBytes: 20 * GIB,
    });
    expect(done.map(({ resource, effect }) => [resource, effect])).toEqual([
      ['diskBytes', 'now'],
      ['vcpus', 'now'],
      ['memoryBytes', 'now'],
    ]);
    expect(bench.library.get('id-a')).toMatchObject({ vcpus: 4, memoryBytes: 2 * GIB });
    expect(volume?.facts.capacityBytes).toBe(20 * GIB);
    expect(record()).toMatchObject({ vcpus: 4, memoryBytes: 2 * GIB, diskBytes: 20 * GIB });
    expect(bench.host.domains.get('0000-a')?.xml).toContain("passwd='sesame'");
    bench.close();
  });

  it('tells what a running machine gets only at its next start', async () => {
    const { bench } = await withMachine('running');
    const [cpus, memory] = await bench.lifecycle.resize('id-a', {
      vcpus: 1,
      memoryBytes: 4 * GIB,
    });
    expect(cpus).toMatchObject({ resource: 'vcpus', effect: 'now' });
    expect(memory).toMatchObject({ resource: 'memoryBytes', effect: 'next-start' });
    expect(memory?.note).toContain('more than the maximum');
    expect(bench.library.get('id-a')).toMatchObject({ power: 'running', memoryBytes: 4 * GIB });
    bench.close();
  });

  it('grows the disk of a running machine through its domain', async () => {
    const { bench, volume } = await withMachine('running');
    await bench.lifecycle.resize('id-a', { diskBytes: 11 * GIB });
    expect(volume?.facts.capacityBytes).toBe(11 * GIB);
    expect(bench.hypervisor.calls).toContain('growLiveDisk 0000-a');
    bench.close();
  });

  it('grows the disk that the system is on, whatever the names of the others', async () => {
    const { bench, volume } = await withMachine();
    bench.host.addVolume('berth', 'a-disk2.qcow2', GIB);
    const extra = { pool: 'berth', name: 'a-disk2.qcow2', role: 'disk' } as const;
    // As the database lists them.
    bench.database.volumes.set('id-a', [extra, ...bench.store.machines.volumes('id-a')]);
    await bench.lifecycle.resize('id-a', { diskBytes: 11 * GIB });
    expect(volume?.facts.capacityBytes).toBe(11 * GIB);
    bench.close();
  });

  it('is held to the quota, and takes nothing when it is refused', async () => {
    const { bench, record, volume, limit } = await withMachine();
    limit({ vcpus: 3, diskBytes: 15 * GIB });
    for (const change of [{ vcpus: 4 }, { diskBytes: 16 * GIB }]) {
      await expect(bench.lifecycle.resize('id-a', change)).rejects.toMatchObject({
        code: 'quota_exceeded',
      });
    }
    expect(record()).toMatchObject({ vcpus: 2, diskBytes: 10 * GIB });
    expect(volume?.facts.capacityBytes).toBe(10 * GIB);
    await bench.lifecycle.resize('id-a', { vcpus: 3 });
    expect(record()?.vcpus).toBe(3);
    bench.close();
  });

  it('gives back what it did not take when libvirt refuses', async () => {
    const { bench, record } = await withMachine();
    bench.hypervisor.defineDomain = () => Promise.reject(new Error('no'));
    const change = { vcpus: 4, diskBytes: 20 * GIB };
    await expect(bench.lifecycle.resize('id-a', change)).rejects.toThrow('no');
    // The disk has grown before.
    expect(record()).toMatchObject({ vcpus: 2, diskBytes: 20 * GIB });
    bench.close();
  });

  it.each([
    [{ diskBytes: 9 * GIB }, 'disk_cannot_shrink'],
    [{ diskBytes: 301 * GIB }, 'disk_space'],
    [{ vcpus: 9 }, 'too_many_vcpus'],
    [{ memoryBytes: 32 * GIB }, 'memory_too_large'],
  ])('refuses %j: %s', async (change, code) => {
    const { bench, record } = await withMachine();
    const before = record();
    await expect(bench.lifecycle.resize('id-a', change)).rejects.toMatchObject({ code });
    expect(record()).toEqual(before);
    bench.close();
  });

  it('is no business of machines that are being made, or of other tools', async () => {
    const { bench } = await withMachine();
    bench.host.addDomain('theirs', { uuid: 'theirs' });
    await bench.library.refresh();
    bench.addCreation('a', 'provisioning');
    await expect(bench.lifecycle.resize('id-a', { vcpus: 1 })).rejects.toMatchObject({
      code: 'machine_in_creation',
    });
    await expect(bench.lifecycle.resize('theirs', { vcpus: 1 })).rejects.toMatchObject({
      code: 'machine_external',
    });
    bench.close();
  });
});
