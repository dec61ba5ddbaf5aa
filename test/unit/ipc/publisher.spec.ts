import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { afterSnapshot, publish } from '../../../src-main/ipc/publisher.ts';

function source() {
  let listener: ((event: BerthEvent) => void) | null = null;
  let revision = 0;
  return {
    subscribe(added: (event: BerthEvent) => void) {
      listener = added;
      return () => {
        listener = null;
      };
    },
    emit() {
      revision += 1;
      listener?.({ type: 'media.removed', mediaId: 'm', revision, at: 0 });
    },
    get isFollowed() {
      return listener !== null;
    },
  };
}

describe('the publisher', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const follow = () => {
    const events = source();
    const sent: number[][] = [];
    const stop = publish(events, (batch) => sent.push(batch.map((event) => event.revision)));
    return { events, sent, stop };
  };

  it('sends the first event in the same turn, with those of the same turn', async () => {
    const { events, sent } = follow();
    events.emit();
    events.emit();
    expect(sent).toEqual([]);
    await Promise.resolve();
    expect(sent).toEqual([[1, 2]]);
  });

  it('gathers what follows closely, in order', async () => {
    const { events, sent } = follow();
    events.emit();
    await Promise.resolve();
    for (let i = 0; i < 3; i++) events.emit();
    await Promise.resolve();
    expect(sent).toEqual([[1]]);
    vi.advanceTimersByTime(8);
    expect(sent).toEqual([[1], [2, 3, 4]]);
    events.emit();
    vi.advanceTimersByTime(8);
    expect(sent).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('sends at once again after a pause, and keeps no timer meanwhile', async () => {
    const { events, sent } = follow();
    events.emit();
    await Promise.resolve();
    vi.advanceTimersByTime(8);
    expect(vi.getTimerCount()).toBe(0);
    events.emit();
    await Promise.resolve();
    expect(sent).toEqual([[1], [2]]);
  });

  it('is silent after its stop', async () => {
    const { events, sent, stop } = follow();
    events.emit();
    stop();
    await Promise.resolve();
    expect(sent).toEqual([]);
    expect(events.isFollowed).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('events after a snapshot', () => {
  const follow = () => {
    const events = source();
    const seen: number[] = [];
    const gated = afterSnapshot(events);
    const stop = gated.subscribe((event) => seen.push(event.revision));
    return { events, seen, gated, stop };
  };

  it('are those that the snapshot does not tell', () => {
    const { events, seen, gated } = follow();
    for (let i = 0; i < 3; i++) events.emit();
    expect(seen).toEqual([]);
    gated.begin(2);
    expect(seen).toEqual([3]);
  });

  it('come at once from then on, also when another snapshot is taken', () => {
    const { events, seen, gated } = follow();
    gated.begin(0);
    events.emit();
    gated.begin(1);
    events.emit();
    expect(seen).toEqual([1, 2]);
  });

  it('end with the subscription', () => {
    const { events, stop } = follow();
    stop();
    expect(events.isFollowed).toBe(false);
  });
});
