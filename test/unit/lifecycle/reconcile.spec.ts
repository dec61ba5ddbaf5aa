import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src-main/core/ports/repositories.ts';
import { LifecycleBench } from './lifecycle-bench.ts';
import { sampleDomain } from './sample-domain.ts';

const SIX_HOURS = 6 * 60 * 60 * 1000;

/** A machine in order, so that there is something that must not be touched. */
async function inOrder() {
  const bench = new LifecycleBench();
  bench.addMachine('a', { xml: sampleDomain('a') }, [
    { pool: 'berth', name: 'a.qcow2', role: 'disk' },
  ]);
  await bench.link.connect();
  return bench;
}

function written(bench: LifecycleBench, name: string, effect: Effect): void {
  bench.addCreation(name, 'failed', { stage: 'storage' });
  bench.store.journal.mark(
    bench.store.journal.intend(`creation-${name}`, 'storage', effect),
    'done',
  );
}

const mark = (name: string) => ({
  machineId: `id-${name}`,
  creationId: `creation-${name}`,
  templateId: 'blank',
  departmentId: 'personal',
  schemaVersion: 1,
});

describe('comparing', () => {
  it('finds nothing where everything has an owner', async () => {
    const bench = await inOrder();
    expect(await bench.lifecycle.reconciler.scan()).toMatchObject({ orphans: [], unseen: [] });
    bench.close();
  });

  it('removes what the journal proves, and only when asked', async () => {
    const bench = await inOrder();
    bench.host.addVolume('berth', 'left.qcow2', 1024);
    written(bench, 'x', { kind: 'volume', pool: 'berth', name: 'left.qcow2', role: 'disk' });
    const { orphans } = await bench.lifecycle.reconciler.scan();
    expect(orphans).toMatchObject([
      {
        id: 'volume/berth/left.qcow2',
        kind: 'volume',
        origin: expect.stringContaining('creation-x'),
      },
    ]);
    expect(bench.host.existing()).toContain('volume berth/left.qcow2');
    expect(await bench.lifecycle.reconciler.remove(orphans.map(({ id }) => id))).toMatchObject([
      { removed: true },
    ]);
    expect(bench.host.existing()).toEqual(['domain a off', 'pool berth', 'volume berth/a.qcow2']);
    expect((await bench.lifecycle.reconciler.scan()).orphans).toEqual([]);
    expect(bench.store.journal.remaining()).toEqual([]);
    bench.close();
  });

  it('shows and keeps what nothing proves to be ours', async () => {
    const bench = await inOrder();
    bench.host.addVolume('berth', 'theirs.qcow2', 1024);
    bench.host.addDomain('theirs', { metadata: mark('theirs') });
    bench.host.networking.filters.set('berth-x-12345678', { uuid: 'f-x', xml: '<filter/>' });
    bench.host.networks.push({ name: 'berth-12345678', active: true, bridge: null, forward: null });
    const { orphans } = await bench.lifecycle.reconciler.scan();
    expect(orphans.map(({ id }) => id).sort()).toEqual([
      'domain/0000-theirs',
      'network/berth-12345678',
      'nwfilter/f-x',
      'volume/berth/theirs.qcow2',
    ]);
    for (const orphan of orphans) {
      expect(orphan.removes).toEqual([]);
      expect(orphan.kept).toBeTruthy();
    }
    const before = bench.host.existing();
    const removals = await bench.lifecycle.reconciler.remove(orphans.map(({ id }) => id));
    expect(removals.map(({ removed }) => removed)).toEqual([false, false, false, false]);
    expect(bench.host.existing()).toEqual(before);
    bench.close();
  });

  it('keeps a volume that somebody uses, whoever made it', async () => {
    const bench = await inOrder();
    bench.host.addVolume('berth', 'base.qcow2', 1024);
    written(bench, 'x', { kind: 'volume', pool: 'berth', name: 'base.qcow2', role: 'disk' });
    bench.host.addDomain('user', { xml: sampleDomain('base') });
    const { orphans } = await bench.lifecycle.reconciler.scan();
    expect(orphans).toMatchObject([{ kept: 'user uses it.', removes: [] }]);
    bench.close();
  });

  it('leaves alone what a creation is making', async () => {
    const bench = await inOrder();
    const creation = bench.addCreation('x', 'running');
    bench.host.addVolume('berth', 'new.qcow2', 1024);
    bench.host.addDomain('x', { metadata: mark('x') });
    const effect = { kind: 'volume', pool: 'berth', name: 'new.qcow2', role: 'disk' } as const;
    bench.store.journal.intend(creation.id, 'storage', effect);
    expect((await bench.lifecycle.reconciler.scan()).orphans).toEqual([]);
    bench.close();
  });

  it('removes a marked domain whose creation has ended, and a filter of a machine that is gone', async () => {
    const bench = await inOrder();
    bench.addCreation('x', 'failed');
    bench.host.addDomain('x', { metadata: mark('x'), power: 'running' });
    bench.host.networking.filters.set('berth-x-1', { uuid: 'f-x', xml: '<filter/>' });
    bench.store.filters.save({
      owner: { kind: 'machine', id: 'id-x' },
      name: 'berth-x-1',
      uuid: 'f-x',
      policy: null,
      appliedXml: null,
      appliedAt: null,
    });
    const { orphans } = await bench.lifecycle.reconciler.scan();
    await bench.lifecycle.reconciler.remove(orphans.map(({ id }) => id));
    expect(bench.host.existing()).toEqual(['domain a off', 'pool berth', 'volume berth/a.qcow2']);
    expect(bench.store.filters.list()).toEqual([]);
    bench.close();
  });

  it('removes the record and the disks of a machine that virsh has undefined', async () => {
    const bench = await inOrder();
    bench.host.domains.clear();
    await bench.library.refresh();
    const { orphans } = await bench.lifecycle.reconciler.scan();
    expect(orphans).toMatchObject([{ id: 'record/id-a', kind: 'record' }]);
    await bench.lifecycle.reconciler.remove(['record/id-a']);
    expect(bench.host.existing()).toEqual(['pool berth']);
    expect(bench.store.machines.list()).toEqual([]);
    bench.close();
  });

  it('does not remove what has found an owner since it was shown', async () => {
    const bench = await inOrder();
    bench.host.addVolume('berth', 'left.qcow2', 1024);
    written(bench, 'x', { kind: 'volume', pool: 'berth', name: 'left.qcow2', role: 'disk' });
    const { orphans } = await bench.lifecycle.reconciler.scan();
    bench.store.machines.addVolume('id-a', { pool: 'berth', name: 'left.qcow2', role: 'disk' });
    const removals = await bench.lifecycle.reconciler.remove(orphans.map(({ id }) => id));
    expect(removals).toMatchObject([{ removed: false }]);
    expect(bench.host.existing()).toContain('volume berth/left.qcow2');
    bench.close();
  });

  it('shows what libvirt keeps of domains that are gone, and no file of anything else', async () => {
    const bench = await inOrder();
    bench.addCreation('x', 'failed', { createdAt: 100 });
    const domain = { kind: 'domain', uuid: 'uuid-x', name: 'x', machineId: 'id-x' } as const;
    const entry = bench.store.journal.intend('creation-x', 'define', domain);
    bench.store.journal.mark(entry, 'undone');
    const put = (path: string, kind: 'firmware' | 'tpm', of: string, modifiedAt = 200) =>
      bench.host.leftFiles.set(path, { of, kind, modifiedAt });
    put('/nvram/x_VARS.fd', 'firmware', 'x');
    put('/swtpm/uuid-x', 'tpm', 'uuid-x');
    put('/nvram/a_VARS.fd', 'firmware', 'a');
    put('/swtpm/0000-a', 'tpm', '0000-a');
    put('/swtpm/theirs', 'tpm', 'theirs');
    const { orphans } = await bench.lifecycle.reconciler.scan();
    expect(orphans.map(({ id }) => id)).toEqual(['file//nvram/x_VARS.fd', 'file//swtpm/uuid-x']);
    expect(orphans[1]).toMatchObject({
      where: '/swtpm',
      origin: expect.stringContaining('creation-x'),
      removes: ['/swtpm/uuid-x'],
    });
    await bench.lifecycle.reconciler.remove(orphans.map(({ id }) => id));
    expect([...bench.host.leftFiles.keys()]).toEqual([
      '/nvram/a_VARS.fd',
      '/swtpm/0000-a',
      '/swtpm/theirs',
    ]);
    bench.close();
  });

  it('takes no firmware settings that another domain of the name may have left', async () => {
    const bench = await inOrder();
    bench.addRecord('x', 'uuid-x', { createdAt: 100 });
    const file = { of: 'x', kind: 'firmware' as const };
    const found = async () => {
      const { orphans } = await bench.lifecycle.reconciler.scan();
      return orphans.filter(({ kind }) => kind === 'file').length;
    };
    bench.host.leftFiles.set('/nvram/x_VARS.fd', { ...file, modifiedAt: 99 });
    expect(await found()).toBe(0);
    bench.host.leftFiles.set('/nvram/x_VARS.fd', { ...file, modifiedAt: 100 });
    expect(await found()).toBe(1);
    bench.host.addDomain('x', { uuid: 'theirs' });
    expect(await found()).toBe(0);
    bench.close();
  });

  it('removes stale files, says what it cannot see, and looks again on a schedule', async () => {
    const bench = await inOrder();
    bench.staleFiles.push({ path: '/run/berth-1.vv', purpose: 'connection file', modifiedAt: 1 });
    const pool = bench.host.pools.get('berth');
    if (pool) pool.active = false;
    bench.lifecycle.reconciler.follow();
    await bench.clock.settle();
    const report = bench.lifecycle.reconciler.last;
    expect(report?.orphans.map(({ id }) => id)).toEqual(['file//run/berth-1.vv']);
    expect(report?.unseen).toEqual(['volumes: The pool berth is stopped.']);
    await bench.lifecycle.reconciler.remove(['file//run/berth-1.vv']);
    expect(bench.staleFiles).toEqual([]);
    if (pool) pool.active = true;
    await bench.clock.advance(SIX_HOURS);
    await bench.clock.settle();
    expect(bench.lifecycle.reconciler.last).toMatchObject({ orphans: [], unseen: [] });
    bench.close();
  });
});
