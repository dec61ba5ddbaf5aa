import { describe, expect, it } from 'vitest';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { Hub } from '../../../src-main/core/lifecycle/hub.ts';
import { KeyedQueue } from '../../../src-main/core/lifecycle/keyed-queue.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeLog } from '../../fakes/fake-system.ts';

const removal = (mediaId: string) => ({ type: 'media.removed', mediaId }) as const;

describe('the hub', () => {
  it('stamps revisions without a gap, and the time', () => {
    const clock = new FakeClock();
    const hub = new Hub(clock, new FakeLog());
    const seen: BerthEvent[] = [];
    hub.subscribe((event) => seen.push(event));
    hub.emit(removal('a'));
    hub.emit(removal('b'));
    expect(seen.map(({ revision, at }) => [revision, at])).toEqual([
      [1, clock.now()],
      [2, clock.now()],
    ]);
    expect(hub.revision).toBe(2);
  });

  it('keeps the order for everybody when a listener emits, and survives one that throws', () => {
    const log = new FakeLog();
    const hub = new Hub(new FakeClock(), log);
    const seen: number[] = [];
    hub.subscribe((event) => {
      if (event.revision === 1) hub.emit(removal('second'));
      throw new Error('bad listener');
    });
    hub.subscribe((event) => seen.push(event.revision));
    hub.emit(removal('first'));
    expect(seen).toEqual([1, 2]);
    expect(log.lines).toHaveLength(2);
  });

  it('forgets who has left', () => {
    const hub = new Hub(new FakeClock(), new FakeLog());
    const seen: number[] = [];
    hub.subscribe((event) => seen.push(event.revision))();
    hub.emit(removal('a'));
    expect(seen).toEqual([]);
  });
});

describe('the queue', () => {
  it('goes on after a failure and forgets finished jobs', async () => {
    const queue = new KeyedQueue();
    const done: string[] = [];
    const failing = queue.run('m', 'one', () => Promise.reject(new Error('no')));
    const following = queue.run('m', 'two', async () => void done.push('two'));
    const beside = queue.run('n', 'three', async () => void done.push('three'));
    expect(queue.labels('m')).toEqual(['one', 'two']);
    await expect(failing).rejects.toThrow('no');
    await Promise.all([following, beside]);
    expect(done.sort()).toEqual(['three', 'two']);
    expect(queue.labels('m')).toEqual([]);
  });

  it('joins an equal job only when nothing else has been asked for in between', async () => {
    const queue = new KeyedQueue();
    const done: string[] = [];
    const job = (name: string) => async () => void done.push(name);
    await Promise.all(['a', 'a', 'b', 'a'].map((name) => queue.run('m', name, job(name))));
    expect(done).toEqual(['a', 'b', 'a']);
  });
});
