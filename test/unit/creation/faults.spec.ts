import { describe, expect, it } from 'vitest';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { undoEffect } from '../../../src-main/core/creation/index.ts';
import { BerthError } from '../../../src-main/core/errors.ts';
import type { FakeCall } from '../../fakes/fake-hypervisor.ts';
import { request, TestBench, type TestProcess } from './test-bench.ts';

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

/** Does something once, when the call is reached. */
function at(
  berth: TestProcess,
  { method, subject }: Pick<Point, 'method' | 'subject'>,
  phase: FakeCall['phase'],
  act: () => void | Promise<void>,
): void {
  let armed = true;
  berth.hypervisor.fault = (call) => {
    if (!armed || call.method !== method || call.phase !== phase) return;
    if (subject !== undefined && !call.subject.includes(subject)) return;
    armed = false;
    return act();
  };
}

/** Nothing is left, the name is free, and the record says so. */
function expectUndone(bench: TestBench, creation: Creation, state: Creation['state']): void {
  expect(bench.leftovers()).toEqual([]);
  expect(bench.database.machines.size).toBe(0);
  expect(bench.database.reservations.size).toBe(0);
  expect(creation.state).toBe(state);
  expect(creation.endedAt).not.toBeNull();
  expect(creation.undone.every(({ verified }) => verified)).toBe(true);
  const open = bench.database.journal.filter((entry) => entry.state !== 'undone');
  expect(open).toEqual([]);
  const journaled = new Set(bench.database.journal.map(({ effect }) => effect.name));
  expect(new Set(creation.undone.map(({ name }) => name))).toEqual(journaled);
  expect(creation.stages.filter((stage) => stage.state === 'running')).toEqual([]);
}

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
