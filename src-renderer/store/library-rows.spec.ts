import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src-contract/model/snapshot.ts';
import { creation, machine, snapshot, spaceError } from '../../test/renderer/fake/fixtures.ts';
import { applySnapshot } from './apply.ts';
import { isEmpty, selectCounts, selectRows } from './library-rows.ts';
import type { LibraryView } from './library-view.ts';
import { initialState } from './state.ts';

const stateOf = (part: Partial<Snapshot>) => applySnapshot(snapshot(part), initialState);
const rows = (part: Partial<Snapshot>, view: Partial<LibraryView> = {}) =>
  selectRows(stateOf(part), { search: '', filter: 'all', sort: 'name', ...view });

const machines = [
  machine(10, { name: 'node-10', power: 'off', createdAt: 1 }),
  machine(2, { name: 'node-2', power: 'running', createdAt: 3 }),
  machine(3, { name: 'Alpha', power: 'paused', createdAt: 2, osLabel: 'Fedora 42' }),
];

describe('selectRows', () => {
  it('sorts names as people count', () => {
    expect(rows({ machines })).toEqual(['m:m3', 'm:m2', 'm:m10']);
  });

  it('sorts by state and by age', () => {
    expect(rows({ machines }, { sort: 'state' })).toEqual(['m:m2', 'm:m3', 'm:m10']);
    expect(rows({ machines }, { sort: 'newest' })).toEqual(['m:m2', 'm:m3', 'm:m10']);
  });

  it('finds by every word, in name, system or address', () => {
    expect(rows({ machines }, { search: 'fedora ALPHA' })).toEqual(['m:m3']);
    expect(rows({ machines }, { search: '122.4' })).toEqual(['m:m2']);
    expect(rows({ machines }, { search: 'fedora node' })).toEqual([]);
  });

  it('filters by state', () => {
    expect(rows({ machines }, { filter: 'running' })).toEqual(['m:m3', 'm:m2']);
    expect(rows({ machines }, { filter: 'off' })).toEqual(['m:m10']);
    expect(
      rows({ machines: [machine(1, { deleteFailed: true })] }, { filter: 'attention' }),
    ).toEqual(['m:m1']);
  });

  it('shows a creation in the place of its machine until that runs', () => {
    const made = machine(900);
    expect(rows({ machines: [made], creations: [creation()] })).toEqual(['c:c1']);
    const running = creation({ state: 'provisioning' });
    expect(rows({ machines: [made], creations: [running] })).toEqual(['m:m900']);
  });

  it('keeps failed creations and leaves out cancelled ones that left nothing', () => {
    const failed = creation({ id: 'f', state: 'failed', error: spaceError });
    const clean = creation({ id: 'x', state: 'cancelled' });
    const dirty = creation({
      id: 'y',
      state: 'cancelled',
      undone: [{ kind: 'volume', name: 'a', verified: false }],
    });
    expect(rows({ creations: [failed, clean, dirty] })).toEqual(['c:f', 'c:y']);
    expect(rows({ creations: [failed] }, { filter: 'attention' })).toEqual(['c:f']);
    expect(rows({ creations: [failed] }, { filter: 'running' })).toEqual([]);
  });
});

describe('selectCounts and isEmpty', () => {
  it('counts by state', () => {
    expect(selectCounts(stateOf({ machines }))).toEqual({
      all: 3,
      running: 2,
      off: 1,
      attention: 0,
    });
  });

  it('is empty only without machines and creations in need of a row', () => {
    expect(isEmpty(stateOf({}))).toBe(true);
    expect(isEmpty(stateOf({ creations: [creation({ state: 'completed' })] }))).toBe(true);
    expect(isEmpty(stateOf({ creations: [creation()] }))).toBe(false);
    expect(isEmpty(stateOf({ machines }))).toBe(false);
  });
});
