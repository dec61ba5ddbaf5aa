import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { POOL, request, TestBench, type TestProcess } from './test-bench.ts';

/** Holds creations at their domain until they are let go. */
function hold(berth: TestProcess) {
  const held = new Map<string, () => void>();
  berth.hypervisor.fault = ({ method, phase, subject }) => {
    if (method !== 'defineDomain' || phase !== 'before') return;
    return new Promise<void>((resolve) => held.set(subject, resolve));
  };
  return {
    names: () => [...held.keys()],
    letGo: (name: string) => {
      held.get(name)?.();
      held.delete(name);
    },
  };
}

const sized = (name: string, gib: number, priority = 0) =>
  request('blank', name, { overrides: { memoryBytes: gib * GIB }, priority });

describe('waiting for memory', () => {
  it('is announced by the receipt with a way out', async () => {
    const bench = new TestBench();
    bench.host.addDomain('big', { power: 'running', memoryBytes: 31 * GIB });
    const plan = await bench.process().service.plan(request('blank'));
    expect(plan.findings).toContainEqual(
      expect.objectContaining({
        code: 'memory_wait',
        severity: 'warning',
        fix: expect.objectContaining({ field: 'overrides.memoryBytes', value: GIB }),
      }),
    );
  });

  it('ends when another machine is stopped, without a clock', async () => {
    const bench = new TestBench();
    const big = bench.host.addDomain('big', { power: 'running', memoryBytes: 31 * GIB });
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('blank'));
    await bench.clock.settle();
    const waiting = berth.service.get(creationId);
    expect(waiting).toMatchObject({ state: 'queued', queuePlace: 0 });
    expect(waiting.waitingFor).toBe('Waiting for 2 GiB of memory; 1 GiB can be had now');
    expect(bench.leftovers()).toEqual(['domain big running']);
    await berth.hypervisor.destroyDomain(big.uuid);
    await bench.clock.settle();
    expect(berth.service.get(creationId)).toMatchObject({ state: 'completed', waitingFor: null });
    expect(berth.service.get(creationId).notes.map(({ code }) => code)).not.toContain(
      'memory_wait',
    );
  });

  it('can be cancelled, and frees name and place', async () => {
    const bench = new TestBench();
    bench.host.addDomain('big', { power: 'running', memoryBytes: 31 * GIB });
    const berth = bench.process();
    const { creationId } = await berth.service.start(request('blank', 'one'));
    await bench.clock.settle();
    await berth.service.cancel(creationId);
    expect((await berth.until(creationId, 'ready')).state).toBe('cancelled');
    expect(bench.database.machines.size).toBe(0);
    expect(bench.database.reservations.size).toBe(0);
  });

  it('never promises the same memory twice', async () => {
    const bench = new TestBench();
    bench.host.availableMemoryBytes = 32 * GIB;
    const [first, second] = [bench.process(), bench.process()];
    const one = await first.service.start(sized('one', 20));
    const two = await second.service.start(sized('two', 20));
    expect((await first.until(one.creationId, 'ready')).state).toBe('completed');
    await bench.clock.settle();
    expect(second.service.get(two.creationId).waitingFor).toContain('of memory');
    const [domain] = bench.host.domains.values();
    await first.hypervisor.destroyDomain(domain?.uuid ?? '');
    expect((await second.until(two.creationId, 'ready')).state).toBe('completed');
  });

  it('does not let a small one slip past a big one that came first', async () => {
    const bench = new TestBench();
    bench.host.addDomain('big', { power: 'running', memoryBytes: 20 * GIB });
    const berth = bench.process();
    const big = await berth.service.start(sized('first', 16));
    const small = await berth.service.start(sized('second', 1));
    await bench.clock.settle();
    expect(berth.service.get(big.creationId).queuePlace).toBe(0);
    expect(berth.service.get(small.creationId)).toMatchObject({ state: 'queued', queuePlace: 1 });
  });

  it('is refused at once for more than the host has', async () => {
    const bench = new TestBench();
    await expect(bench.process().service.start(sized('huge', 33))).rejects.toMatchObject({
      code: 'memory_short',
    });
  });
});

describe('priorities', () => {
  it('come before the order of arrival', async () => {
    const bench = new TestBench();
    const berth = bench.process(1);
    const gate = hold(berth);
    await berth.service.start(sized('running', 1));
    await bench.clock.settle();
    await berth.service.start(sized('low', 1, -5));
    await berth.service.start(sized('normal', 1));
    await berth.service.start(sized('urgent', 1, 10));
    const order: string[] = [];
    for (let i = 0; i < 4; i++) {
      await bench.clock.settle();
      const [name = ''] = gate.names();
      order.push(name);
      gate.letGo(name);
    }
    expect(order).toEqual(['running', 'urgent', 'normal', 'low']);
  });
});

describe('several processes', () => {
  it('share the slots', async () => {
    const bench = new TestBench();
    const [first, second] = [bench.process(2), bench.process(2)];
    const [gate, other] = [hold(first), hold(second)];
    await first.service.start(sized('a', 1));
    await second.service.start(sized('b', 1));
    await first.service.start(sized('c', 1));
    await second.service.start(sized('d', 1));
    await bench.clock.settle();
    expect([...gate.names(), ...other.names()].sort()).toEqual(['a', 'b']);
    other.letGo('b');
    await bench.clock.settle();
    expect([...gate.names(), ...other.names()].sort()).toEqual(['a', 'c']);
  });

  it('do not wait for a dead one', async () => {
    const bench = new TestBench();
    const [first, second] = [bench.process(1), bench.process(1)];
    hold(first);
    await first.service.start(sized('a', 1));
    await bench.clock.settle();
    const { creationId } = await second.service.start(sized('b', 1));
    await bench.clock.settle();
    expect(second.service.get(creationId).state).toBe('queued');
    first.kill();
    expect((await second.until(creationId, 'ready')).state).toBe('completed');
  });
});

describe('what waits when its process dies', () => {
  async function queued(resumes: boolean) {
    const bench = new TestBench();
    bench.resumesQueued = resumes;
    const berth = bench.process(1);
    hold(berth);
    await berth.service.start(request('blank', 'building'));
    const { creationId } = await berth.service.start(request('image', 'waiting'));
    await bench.clock.settle();
    expect(berth.service.get(creationId).state).toBe('queued');
    berth.kill();
    return { bench, creationId, next: bench.process(1) };
  }

  it('is gone on with by the next one, with its password', async () => {
    const { bench, creationId, next } = await queued(true);
    const outcomes = await bench.clock.run(next.service.recover());
    expect(outcomes.map(({ name, action }) => [name, action])).toEqual([
      ['building', 'undone'],
      ['waiting', 'resumed'],
    ]);
    const creation = await next.until(creationId, 'running');
    expect(creation.state).toBe('provisioning');
    expect(next.media.seeds.at(-1)?.passwordHash).toBe('$6$salt$hash-number-1');
    const domains = bench.leftovers().filter((thing) => thing.startsWith('domain'));
    expect(domains).toEqual(['domain waiting running']);
  });

  it('is undone by one that does not stay', async () => {
    const { bench, creationId, next } = await queued(false);
    await bench.clock.run(next.service.recover());
    expect(next.service.get(creationId)).toMatchObject({
      state: 'failed',
      error: { code: 'interrupted' },
    });
    expect(bench.database.reservations.size).toBe(0);
  });
});

it('keeps the slot until what failed is undone, and gives it on when that cannot be done now', async () => {
  const bench = new TestBench();
  const berth = bench.process(1);
  berth.hypervisor.fault = ({ method, phase, subject }) => {
    if (phase !== 'before') return;
    if (method === 'defineDomain' && subject === 'one') throw new BerthError('test', 'It broke.');
    if (method === 'deleteVolume') throw new BerthError('test', 'It stays.');
  };
  const one = await berth.service.start(request('blank', 'one'));
  const two = await berth.service.start(request('blank', 'two'));
  expect((await berth.until(two.creationId, 'ready')).state).toBe('completed');
  expect(berth.service.get(one.creationId).state).toBe('rolling-back');
  expect(bench.database.reservations.get(one.creationId)).toMatchObject({
    state: 'holding',
    pool: POOL,
  });
});
