import { describe, expect, it } from 'vitest';
import { undoEffect } from '../../../src-main/core/creation/index.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import { at, expectUndone } from './fault-tools.ts';
import { request, TestBench } from './test-bench.ts';

describe('an undo that does not work', () => {
  it('is kept, told, and finished when recovery asks again', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    let busy = true;
    berth.hypervisor.fault = ({ method, phase, subject }) => {
      if (phase !== 'before') return;
      if (method === 'startDomain') throw new BerthError('test_failure', 'It broke.');
      if (method === 'deleteVolume' && busy && subject === 'one.qcow2') {
        throw new BerthError('volume_busy', 'The volume is in use.');
      }
    };
    const { creationId } = await berth.service.start(request('image'));
    const parked = await berth.until(creationId, 'ready');
    expect(parked).toMatchObject({ state: 'rolling-back', error: { code: 'test_failure' } });
    expect(parked.undone).toContainEqual({
      kind: 'volume',
      name: 'one.qcow2',
      verified: false,
      detail: 'The volume is in use.',
    });
    expect(bench.leftovers()).toEqual(['pool berth', 'volume berth/one.qcow2']);
    expect(bench.database.machines.size).toBe(1);
    busy = false;
    await berth.service.recover();
    await bench.clock.settle();
    expectUndone(bench, berth.service.get(creationId), 'failed');
  });

  it('is tried again within the same rollback', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    let failures = 2;
    berth.hypervisor.fault = ({ method, phase }) => {
      if (phase !== 'before') return;
      if (method === 'startDomain') throw new BerthError('test_failure', 'It broke.');
      if (method === 'undefineDomain' && failures-- > 0) throw new BerthError('busy', 'Busy.');
    };
    const { creationId } = await berth.service.start(request('image'));
    expectUndone(bench, await berth.until(creationId, 'ready'), 'failed');
  });

  it('does not believe a deletion that deletes nothing', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, { method: 'startDomain' }, 'before', () => {
      berth.hypervisor.deleteVolume = async () => undefined;
      throw new BerthError('test_failure', 'It broke.');
    });
    const { creationId } = await berth.service.start(request('blank'));
    const parked = await berth.until(creationId, 'ready');
    expect(parked.state).toBe('rolling-back');
    expect(parked.undone).toContainEqual(
      expect.objectContaining({ name: 'one.qcow2', verified: false }),
    );
  });
});

describe('what is not ours', () => {
  it('leaves a volume alone that was there before', async () => {
    const bench = new TestBench();
    bench.host.addVolume('berth', 'one.qcow2', 1);
    const before = bench.host.existing();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('image'));
    const creation = await berth.until(creationId, 'ready');
    expect(creation.error).toMatchObject({ code: 'volume_exists', stage: 'storage' });
    expect(bench.host.existing()).toEqual(before);
  });

  it('leaves a volume alone that appears between the look and the act', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, { method: 'createVolume', subject: 'one.qcow2' }, 'before', () => {
      bench.host.addVolume('berth', 'one.qcow2', 1);
    });
    const { creationId } = await berth.service.start(request('image'));
    const creation = await berth.until(creationId, 'ready');
    expect(creation.error?.code).toBe('volume_exists');
    expect(bench.leftovers()).toEqual(['pool berth', 'volume berth/one.qcow2']);
    expect(creation.undone).toContainEqual(
      expect.objectContaining({ kind: 'pool', verified: false }),
    );
  });

  it('leaves a domain alone that does not carry our mark', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, { method: 'startDomain' }, 'before', () => {
      const domain = bench.host.domains.get(bench.domainUuid());
      if (domain) domain.metadata = null;
      throw new BerthError('test_failure', 'It broke.');
    });
    const { creationId } = await berth.service.start(request('blank'));
    const creation = await berth.until(creationId, 'ready');
    expect(bench.leftovers()).toEqual(['domain one off']);
    expect(creation.undone[0]).toMatchObject({ kind: 'domain', verified: false });
  });

  it.each(['at once', 'when the pool is there already'])(
    'removes a pool with the last failed creation, begun %s',
    async (begun) => {
      const bench = new TestBench();
      const berth = bench.process();
      const held = new Map(
        ['one.qcow2', 'two.qcow2'].map((name) => [name, Promise.withResolvers()]),
      );
      berth.hypervisor.fault = async ({ method, phase, subject }) => {
        if (method !== 'createVolume' || phase !== 'before') return;
        await held.get(subject)?.promise;
        throw new BerthError('test_failure', 'It broke.');
      };
      const first = await berth.service.start(request('blank', 'one'));
      if (begun !== 'at once') await bench.clock.settle();
      const second = await berth.service.start(request('blank', 'two'));
      await bench.clock.settle();
      held.get('one.qcow2')?.resolve(null);
      await berth.until(first.creationId, 'ready');
      expect(bench.leftovers()).toEqual(['pool berth']);
      held.get('two.qcow2')?.resolve(null);
      await berth.until(second.creationId, 'ready');
      expect(bench.leftovers()).toEqual([]);
    },
  );

  it('keeps a pool in which a machine or an image lives', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('blank', 'one'));
    await berth.until(creationId, 'ready');
    const undo = (name: string) =>
      undoEffect(
        { kind: 'pool', name, path: '/' },
        { hypervisor: berth.hypervisor, store: berth.store },
      );
    expect(await undo('berth')).toMatchObject({ verified: false });
    expect(await undo('images')).toMatchObject({ verified: false });
    expect(await undo('nowhere')).toMatchObject({ verified: true });
    expect(bench.host.pools.size).toBe(2);
  });
});
