import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { at, expectUndone } from './fault-tools.ts';
import { request, TestBench } from './test-bench.ts';

interface Point {
  stage: string;
  template: 'image' | 'tryout' | 'blank';
  method: string;
  /** Part of the call's subject. */
  subject?: string;
}

/** Every call with an outside effect, and the looks in between, by the stage that makes it. */
const POINTS: Point[] = [
  { stage: 'storage', template: 'image', method: 'ensurePool' },
  { stage: 'storage', template: 'image', method: 'findVolume', subject: 'debian.qcow2' },
  { stage: 'storage', template: 'image', method: 'createVolume', subject: 'one.qcow2' },
  { stage: 'storage', template: 'image', method: 'createVolume', subject: 'one-seed.iso' },
  { stage: 'storage', template: 'image', method: 'uploadVolume', subject: 'one-seed.iso' },
  { stage: 'storage', template: 'tryout', method: 'createVolume', subject: 'one-kernel' },
  { stage: 'storage', template: 'tryout', method: 'uploadVolume', subject: 'one-initrd' },
  { stage: 'storage', template: 'blank', method: 'createVolume', subject: 'one.qcow2' },
  { stage: 'define', template: 'image', method: 'defineDomain' },
  { stage: 'define', template: 'blank', method: 'defineDomain' },
  { stage: 'start', template: 'image', method: 'startDomain' },
  { stage: 'start', template: 'image', method: 'resumeDomain' },
  { stage: 'start', template: 'blank', method: 'startDomain' },
];

const PHASES = ['before', 'after'] as const;

const never = new Promise<void>(() => undefined);

describe.each(POINTS)('$stage of $template, $method $subject', (point) => {
  it.each(PHASES)('undoes everything when the call fails %s it acts', async (phase) => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, point, phase, () => {
      throw new BerthError('test_failure', 'It broke.', { hint: 'Mend it.' });
    });
    const { creationId } = await berth.service.start(request(point.template));
    const creation = await berth.until(creationId, 'ready');
    expectUndone(bench, creation, 'failed');
    expect(creation.error).toMatchObject({
      code: 'test_failure',
      stage: point.stage,
      hint: 'Mend it.',
    });
    expect(berth.events.types(creationId).at(-1)).toBe('vms.create_failed');
  });

  it.each(PHASES)('undoes everything when cancelled %s the call acts', async (phase) => {
    const bench = new TestBench();
    const berth = bench.process();
    let id = '';
    at(berth, point, phase, () => berth.service.cancel(id));
    ({ creationId: id } = await berth.service.start(request(point.template)));
    const creation = await berth.until(id, 'ready');
    expectUndone(bench, creation, 'cancelled');
    expect(berth.events.types(id).at(-1)).toBe('vms.create_cancelled');
  });

  it('answers a cancel within 5 seconds although the call never comes back', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    let id = '';
    at(berth, point, 'after', () => {
      void berth.service.cancel(id);
      return never;
    });
    ({ creationId: id } = await berth.service.start(request(point.template)));
    const began = bench.clock.monotonic();
    const creation = await berth.until(id, 'ready');
    expect(bench.clock.monotonic() - began).toBeLessThan(5000);
    expectUndone(bench, creation, 'cancelled');
  });

  it('removes what a cancelled call brings late', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const late = Promise.withResolvers<void>();
    let id = '';
    at(berth, point, 'before', () => {
      void berth.service.cancel(id);
      return late.promise;
    });
    ({ creationId: id } = await berth.service.start(request(point.template)));
    await berth.until(id, 'ready');
    expect(bench.leftovers()).toEqual([]);
    late.resolve();
    await bench.clock.settle();
    expect(bench.leftovers()).toEqual([]);
  });

  it.each(PHASES)('is undone by the next process after a crash %s the call acts', async (phase) => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, point, phase, () => {
      berth.kill();
      return never;
    });
    const { creationId } = await berth.service.start(request(point.template));
    await bench.clock.settle();
    const next = bench.process();
    const outcomes = await bench.clock.run(next.service.recover());
    expect(outcomes).toMatchObject([{ creationId, name: 'one', action: 'undone' }]);
    const creation = next.service.get(creationId);
    expectUndone(bench, creation, 'failed');
    expect(creation.error?.code).toBe('interrupted');
    expect(await bench.clock.run(next.service.recover())).toEqual([]);
  });

  it.each(PHASES)('waits for libvirt and undoes when it dies %s the call acts', async (phase) => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, point, phase, () => {
      bench.host.lose();
      void bench.clock.sleep(20_000).then(() => bench.host.restore());
    });
    const { creationId } = await berth.service.start(request(point.template));
    const creation = await berth.until(creationId, 'ready');
    expectUndone(bench, creation, 'failed');
    expect(creation.error).toMatchObject({ code: 'libvirt_unreachable', stage: point.stage });
  });

  it('loses nothing when libvirt stays away, and finishes when it comes back', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, point, 'after', () => bench.host.lose());
    const { creationId } = await berth.service.start(request(point.template));
    const parked = await berth.until(creationId, 'ready');
    const things = bench.leftovers();
    expect(parked.state).toBe('rolling-back');
    expect(bench.database.machines.size).toBe(1);
    const states = new Set(bench.database.journal.map(({ state }) => state));
    expect(states).toEqual(new Set(bench.database.journal.length > 0 ? ['leftover'] : []));
    expect(bench.leftovers()).toEqual(things);
    bench.host.restore();
    await bench.clock.advance(1000);
    expectUndone(bench, berth.service.get(creationId), 'failed');
  });

  it('finishes in the next process what could not be undone', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, point, 'after', () => bench.host.lose());
    const { creationId } = await berth.service.start(request(point.template));
    await berth.until(creationId, 'ready');
    await berth.service.close();
    berth.kill();
    bench.host.restore();
    const next = bench.process();
    const outcomes = await bench.clock.run(next.service.recover());
    expect(outcomes).toMatchObject([{ action: 'undone' }]);
    const creation = next.service.get(creationId);
    expectUndone(bench, creation, 'failed');
    expect(creation.error?.code).toBe('libvirt_unreachable');
  });
});

describe('between the calls', () => {
  const marks = [1, 2, 3, 4];

  it.each(marks)('a crash after mark %i leaves nothing after recovery', async (count) => {
    const bench = new TestBench();
    const berth = bench.process();
    let seen = 0;
    berth.store.hook = (method) => {
      if (method === 'journal.mark' && ++seen === count) berth.kill();
    };
    const { creationId } = await berth.service.start(request('image'));
    await bench.clock.settle();
    expect(seen).toBe(count);
    const next = bench.process();
    await bench.clock.run(next.service.recover());
    expectUndone(bench, next.service.get(creationId), 'failed');
  });

  it.each([1, 2, 3, 4])('a crash after intent %i leaves nothing after recovery', async (count) => {
    const bench = new TestBench();
    const berth = bench.process();
    let seen = 0;
    berth.store.hook = (method) => {
      if (method === 'journal.intend' && ++seen === count) berth.kill();
    };
    const { creationId } = await berth.service.start(request('image'));
    await bench.clock.settle();
    expect(seen).toBe(count);
    const next = bench.process();
    await bench.clock.run(next.service.recover());
    expectUndone(bench, next.service.get(creationId), 'failed');
  });

  it.each(['creations.saveSpec', 'machines.addVolume'])(
    'a failing database in %s undoes all',
    async (method) => {
      const bench = new TestBench();
      const berth = bench.process();
      let broken = true;
      berth.store.hook = (called) => {
        if (called !== method || !broken) return;
        broken = false;
        throw new BerthError('database_full', 'The disk is full.');
      };
      const { creationId } = await berth.service.start(request('image'));
      const creation = await berth.until(creationId, 'ready');
      expectUndone(bench, creation, 'failed');
      expect(creation.error?.code).toBe('database_full');
    },
  );

  it('a database that fails while it queues leaves no claim', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    berth.store.hook = (method) => {
      if (method === 'creations.save') throw new BerthError('database_full', 'The disk is full.');
    };
    await expect(berth.service.start(request('image'))).rejects.toMatchObject({
      code: 'database_full',
    });
    expect(bench.database.machines.size).toBe(0);
    expect(bench.database.reservations.size).toBe(0);
    expect(bench.database.creations.size).toBe(0);
  });

  it('a database that fails at the start of the rollback does not stop it', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    let broken = false;
    at(berth, { method: 'defineDomain' }, 'after', () => {
      broken = true;
      throw new BerthError('test_failure', 'It broke.');
    });
    berth.store.hook = (method) => {
      if (method !== 'creations.save' || !broken) return;
      broken = false;
      throw new BerthError('database_full', 'The disk is full.');
    };
    const { creationId } = await berth.service.start(request('image'));
    expectUndone(bench, await berth.until(creationId, 'ready'), 'failed');
  });

  it('a database that fails at the end of the rollback is asked again', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    at(berth, { method: 'defineDomain' }, 'after', () => {
      throw new BerthError('test_failure', 'It broke.');
    });
    let full = true;
    berth.store.hook = (method) => {
      if (method === 'machines.remove' && full) {
        throw new BerthError('database_full', 'The disk is full.');
      }
    };
    const { creationId } = await berth.service.start(request('image'));
    expect((await berth.until(creationId, 'ready')).state).toBe('rolling-back');
    expect(bench.leftovers()).toEqual([]);
    full = false;
    await bench.clock.run(berth.service.recover());
    expectUndone(bench, await berth.until(creationId, 'ready'), 'failed');
  });

  it.each(['template', 'media'] as const)('a failure in %s undoes all', async (stage) => {
    const bench = new TestBench();
    const berth = bench.process();
    if (stage === 'media') {
      berth.media.seed = () => {
        throw new Error('no seed');
      };
    } else {
      berth.store.hook = (method) => {
        if (method === 'creations.saveSpec') throw new Error('no spec');
      };
    }
    const { creationId } = await berth.service.start(request('image'));
    const creation = await berth.until(creationId, 'ready');
    expectUndone(bench, creation, 'failed');
    expect(creation.error).toMatchObject({ code: 'internal_error', stage });
  });
});
