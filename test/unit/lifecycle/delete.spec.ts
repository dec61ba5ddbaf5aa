import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import type { MachineVolume } from '../../../src-main/core/ports/repositories.ts';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

const DISK: MachineVolume = { pool: 'berth', name: 'a.qcow2', role: 'disk' };
const KERNEL: MachineVolume = { pool: 'berth', name: 'kernel', role: 'kernel' };

async function withMachine(volumes: MachineVolume[] = [DISK]) {
  const bench = new LifecycleBench();
  bench.addMachine('a', { power: 'running' }, volumes);
  await bench.link.connect();
  await bench.clock.settle();
  bench.events.length = 0;
  return bench;
}

describe('deleting', () => {
  it('removes domain, volumes and, last, the record', async () => {
    const bench = await withMachine();
    await bench.delete('id-a');
    expect(bench.host.existing()).toEqual(['pool berth']);
    expect(bench.store.machines.list()).toEqual([]);
    expect(bench.types().at(-1)).toBe('vms.removed');
  });

  it('keeps what another machine boots from', async () => {
    const bench = await withMachine([DISK, KERNEL]);
    bench.addMachine('b', {}, [KERNEL]);
    await bench.delete('id-a');
    expect(bench.host.existing()).toContain('volume berth/kernel');
    await bench.library.refresh();
    await bench.delete('id-b');
    expect(bench.host.existing()).toEqual(['pool berth']);
  });

  it('keeps the record when something could not be removed, and finishes when tried again', async () => {
    const bench = await withMachine();
    bench.hypervisor.fault = ({ method, phase }) => {
      if (method === 'deleteVolume' && phase === 'before') throw new Error('disk on fire');
    };
    await expect(bench.delete('id-a')).rejects.toMatchObject({
      code: 'delete_incomplete',
      retryable: true,
    });
    const row = bench.library.get('id-a');
    expect(row.deleteFailed).toBe(true);
    expect(row.notes.map((note) => note.code)).toContain('delete_failed');
    bench.hypervisor.fault = null;
    await bench.delete('id-a');
    expect(bench.host.existing()).toEqual(['pool berth']);
    expect(bench.library.list()).toEqual([]);
  });

  it('believes nobody who says that a volume is gone', async () => {
    const bench = await withMachine();
    bench.hypervisor.deleteVolume = async () => undefined;
    await expect(bench.delete('id-a')).rejects.toMatchObject({ code: 'delete_incomplete' });
    expect(bench.store.machines.list()).toHaveLength(1);
  });

  it('refuses the machines of other tools', async () => {
    const bench = await withMachine();
    bench.host.addDomain('theirs', { uuid: 'uuid-theirs' });
    await bench.library.refresh();
    await expect(bench.delete('uuid-theirs')).rejects.toMatchObject({ code: 'machine_external' });
    await expect(bench.delete('nobody')).rejects.toMatchObject({ code: 'machine_missing' });
    expect(bench.host.domains.has('uuid-theirs')).toBe(true);
  });

  it('does not touch a domain that carries the mark of another machine', async () => {
    const bench = await withMachine();
    const domain = bench.host.domains.get('0000-a');
    if (domain?.metadata) domain.metadata = { ...domain.metadata, machineId: 'somebody' };
    await expect(bench.delete('id-a')).rejects.toMatchObject({ code: 'delete_incomplete' });
    expect(domain?.power).toBe('running');
  });

  it('cancels a creation that has not ended', async () => {
    const bench = await withMachine();
    const creation = bench.addCreation('a', 'provisioning');
    bench.onCancel = () => {
      bench.store.creations.save({ ...creation, state: 'cancelled' });
      bench.store.machines.remove('id-a');
    };
    await bench.delete('id-a');
    expect(bench.cancelled).toEqual(['creation-a']);
    expect(bench.hypervisor.calls).not.toContain('undefineDomain 0000-a');
  });

  it('deletes the machine when its creation was completed before it could be cancelled', async () => {
    const bench = await withMachine();
    const creation = bench.addCreation('a', 'provisioning');
    bench.onCancel = () => bench.store.creations.save({ ...creation, state: 'completed' });
    await bench.delete('id-a');
    expect(bench.host.existing()).toEqual(['pool berth']);
  });

  it('does not meddle with an undo that waits for libvirt', async () => {
    const bench = await withMachine();
    const creation = bench.addCreation('a', 'provisioning');
    bench.onCancel = () => bench.store.creations.save({ ...creation, state: 'rolling-back' });
    await expect(bench.delete('id-a')).rejects.toMatchObject({ code: 'undo_pending' });
    expect(bench.host.domains.has('0000-a')).toBe(true);
  });

  it('deletes the machine when its creation ends while it is asked to', async () => {
    const bench = await withMachine();
    const creation = bench.addCreation('a', 'provisioning');
    bench.onCancel = () => {
      bench.store.creations.save({ ...creation, state: 'completed' });
      throw new BerthError('creation_ended', 'It has ended.');
    };
    await bench.delete('id-a');
    expect(bench.host.existing()).toEqual(['pool berth']);
  });

  it('takes overlays with it that others have put on its disk', async () => {
    const bench = await withMachine();
    const overlay = bench.host.addVolume('berth', 'a.snap', 1024);
    overlay.facts.backing = { path: '/pools/berth/a.qcow2', format: 'qcow2' };
    bench.host.addVolume('berth', 'other.qcow2', 1024);
    const domain = bench.host.domains.get('0000-a');
    if (domain) domain.xml = sampleDomain('a').replace('a.qcow2', 'a.snap');
    await bench.delete('id-a');
    expect(bench.host.existing()).toEqual(['pool berth', 'volume berth/other.qcow2']);
  });

  it('leaves nothing in the journal that a later thing of the same name could be taken for', async () => {
    const bench = await withMachine();
    bench.addCreation('a', 'completed');
    const effect = { kind: 'volume', pool: 'berth', name: 'a.qcow2', role: 'disk' } as const;
    const { journal } = bench.store;
    journal.mark(journal.intend('creation-a', 'storage', effect), 'done');
    await bench.delete('id-a');
    expect(journal.remaining()).toEqual([]);
  });

  it('says in its row what it is at', async () => {
    const bench = await withMachine();
    await bench.delete('id-a');
    const told = bench.events.flatMap((event) =>
      event.type === 'vms.status_changed' ? event.machine.notes.map(({ message }) => message) : [],
    );
    expect(told).toContain('It is being deleted: the volume a.qcow2 is removed.');
  });
});
