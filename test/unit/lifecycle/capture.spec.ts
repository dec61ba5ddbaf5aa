import { describe, expect, it } from 'vitest';
import type { PowerState } from '../../../src-contract/model/machine.ts';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

async function withMachine(power: PowerState = 'off') {
  const bench = new LifecycleBench();
  bench.addMachine('golden', { power, xml: sampleDomain('golden') }, [
    { pool: 'berth', name: 'golden.qcow2', role: 'disk' },
  ]);
  const disk = bench.host.pools.get('berth')?.volumes.get('golden.qcow2') ?? expect.fail('no disk');
  disk.facts.capacityBytes = 4096;
  disk.facts.allocationBytes = 2000;
  disk.content.push(new TextEncoder().encode('a system'));
  await bench.link.connect();
  const capture = (name?: string, signal?: AbortSignal) =>
    bench.lifecycle.capture({
      machineId: 'id-golden',
      ...(name !== undefined && { name }),
      ...(signal && { signal }),
    });
  return { bench, disk, capture };
}

describe('an image of a machine', () => {
  it('is a copy that stands alone, under its own name', async () => {
    const { bench, disk, capture } = await withMachine();
    const media = await capture('Lab 2030');
    expect(media).toMatchObject({
      name: 'Lab 2030',
      kind: 'image',
      format: 'qcow2',
      state: 'ready',
      virtualBytes: 4096,
      fileBytes: 2000,
      origin: 'machine golden',
      progress: null,
    });
    expect(bench.media.list()).toMatchObject([{ id: media.id, usedBy: 0 }]);
    const copy = bench.host.pools.get('berth')?.volumes.get(media.volume);
    expect(copy?.content).toEqual(disk.content);
    expect(copy?.backing).toBeNull();
  });

  it('has the machine’s name when none is given, and may be made twice', async () => {
    const { bench, capture } = await withMachine();
    const both = await Promise.all([capture(), capture()]);
    expect(both.map(({ name }) => name)).toEqual(['golden', 'golden']);
    expect(bench.media.list()).toHaveLength(2);
  });

  it('tells how much is copied', async () => {
    const { bench, disk, capture } = await withMachine();
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    bench.hypervisor.fault = async ({ method, phase, subject }) => {
      if (method !== 'copyVolume' || phase !== 'after') return;
      const made = bench.host.pools.get('berth')?.volumes.get(subject);
      if (made) made.facts.allocationBytes = disk.facts.allocationBytes / 2;
      reached.resolve();
      await goOn.promise;
    };
    const capturing = capture();
    await reached.promise;
    await bench.clock.advance(600);
    goOn.resolve();
    await capturing;
    const shares = bench.events.flatMap((event) =>
      event.type === 'media.changed' ? [event.media.progress] : [],
    );
    expect(shares).toContain(0.5);
    expect(bench.clock.sleepers).toBe(0);
  });

  it('is refused while the machine runs', async () => {
    const { bench, capture } = await withMachine('running');
    await expect(capture()).rejects.toMatchObject({ code: 'machine_running' });
    expect(bench.media.list()).toEqual([]);
  });

  it('is refused of another tool’s machine, and of one without a disk', async () => {
    const { bench, capture } = await withMachine();
    bench.host.pools.get('berth')?.volumes.delete('golden.qcow2');
    await expect(capture()).rejects.toMatchObject({ code: 'disk_missing' });
    const foreign = bench.host.addDomain('foreign');
    await bench.link.connect();
    const machineId = bench.library.list().find(({ name }) => name === 'foreign')?.id ?? '';
    expect(foreign.uuid).not.toBe('');
    await expect(bench.lifecycle.capture({ machineId })).rejects.toMatchObject({
      code: 'machine_external',
    });
  });

  it.each(['copyVolume', 'findVolume'])('leaves nothing when %s fails', async (method) => {
    const { bench, capture } = await withMachine();
    const before = bench.host.existing();
    bench.hypervisor.fault = (call) => {
      if (call.method === method && call.phase === 'after') throw new Error('no');
    };
    await expect(capture()).rejects.toThrow('no');
    expect(bench.host.existing()).toEqual(before);
    expect(bench.media.list()).toEqual([]);
  });

  it('leaves nothing when it is cancelled', async () => {
    const { bench, capture } = await withMachine();
    const before = bench.host.existing();
    const cancel = new AbortController();
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'copyVolume' && phase === 'before') cancel.abort();
    };
    await expect(capture('x', cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(bench.host.existing()).toEqual(before);
    expect(bench.media.list()).toEqual([]);
  });

  it('is refused when the pool has no room', async () => {
    const { bench, disk, capture } = await withMachine();
    disk.facts.allocationBytes = Number.MAX_SAFE_INTEGER;
    await expect(capture()).rejects.toMatchObject({ code: 'disk_space' });
    expect(bench.media.list()).toEqual([]);
  });
});
