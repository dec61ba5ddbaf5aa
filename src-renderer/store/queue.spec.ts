import { describe, expect, it } from 'vitest';
import type { Creation } from '../../src-contract/model/creation.ts';
import { creation } from '../../test/renderer/fake/fixtures.ts';
import { countsText, selectQueue } from './queue.ts';

const state = (...creations: Creation[]) => ({
  creations: new Map(creations.map((one) => [one.id, one])),
});

describe('the queue', () => {
  it('has those at work first, then the waiting in their order', () => {
    const { input } = creation();
    const all = state(
      creation({ id: 'third', state: 'queued', queuePlace: 2 }),
      creation({ id: 'new', state: 'queued', queuePlace: null }),
      creation({
        id: 'urgent',
        state: 'queued',
        queuePlace: null,
        input: { ...input, priority: 9 },
      }),
      creation({ id: 'second', state: 'queued', queuePlace: 1 }),
      creation({ id: 'boots', state: 'provisioning' }),
      creation({ id: 'runs', state: 'running' }),
      creation({ id: 'undone', state: 'rolling-back' }),
    );
    expect(selectQueue(all, new Set())).toEqual([
      'undone',
      'runs',
      'boots',
      'second',
      'third',
      'urgent',
      'new',
    ]);
  });

  it('has of what has ended only what was asked for together', () => {
    const all = state(
      creation({ id: 'old', state: 'completed' }),
      creation({ id: 'mine', state: 'completed' }),
      creation({ id: 'broken', state: 'failed' }),
    );
    expect(selectQueue(all, new Set(['mine', 'broken']))).toEqual(['broken', 'mine']);
  });

  it('is told in a few words', () => {
    expect(countsText([])).toBe('');
    expect(countsText(['running', 'queued', 'provisioning', 'failed', 'completed'])).toBe(
      '2 being made, 1 waiting, 1 ready, 1 failed',
    );
  });
});
