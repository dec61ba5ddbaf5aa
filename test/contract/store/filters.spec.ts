import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FilterRecord } from '../../../src-main/core/ports/filter-repository.ts';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { creation, owner } from './helpers/samples.ts';
import { TempStore } from './helpers/temp-store.ts';

const record = (change: Partial<FilterRecord> = {}): FilterRecord => ({
  owner: { kind: 'machine', id: 'm1' },
  name: 'berth-one-00000001',
  uuid: '00000000-0000-4000-8000-000000000001',
  policy: { preset: 'block-all', rules: [] },
  appliedXml: '<filter/>',
  appliedAt: 5,
  ...change,
});
const shared = record({
  owner: { kind: 'department', id: 'm1' },
  name: 'berth-lab-00000001',
  uuid: '00000000-0000-4000-8000-000000000002',
  policy: null,
  appliedXml: null,
  appliedAt: null,
});

function describeFilters(name: string, open: () => { store: Store; dispose: () => void }): void {
  describe(`filters in ${name}`, () => {
    let subject: { store: Store; dispose: () => void };
    beforeEach(() => {
      subject = open();
    });
    afterEach(() => subject.dispose());

    it('are kept by owner, changed and removed', () => {
      const { filters } = subject.store;
      expect(filters.list()).toEqual([]);
      filters.save(record());
      filters.save(shared);
      expect(filters.get({ kind: 'machine', id: 'm1' })).toEqual(record());
      expect(filters.get({ kind: 'department', id: 'm1' })).toEqual(shared);
      expect(filters.get({ kind: 'machine', id: 'm2' })).toBeNull();
      filters.save(record({ appliedXml: null, appliedAt: null }));
      expect(filters.get({ kind: 'machine', id: 'm1' })?.appliedXml).toBeNull();
      expect(filters.list()).toHaveLength(2);
      filters.remove({ kind: 'machine', id: 'm1' });
      filters.remove({ kind: 'machine', id: 'm1' });
      expect(filters.list()).toEqual([shared]);
    });

    it('have effects that the journal gives back', () => {
      const { store } = subject;
      const row = { creation: creation(1), owner: owner(1), spec: null };
      store.creations.insert(row, null);
      const { uuid, name, owner: whose } = record();
      const effect = { kind: 'nwfilter', uuid, name, owner: whose } as const;
      store.journal.intend(row.creation.id, 'network', effect);
      expect(store.journal.entries(row.creation.id)).toMatchObject([{ effect, state: 'intended' }]);
    });
  });
}

describeFilters('SQLite', () => {
  const temp = new TempStore();
  return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
});

describeFilters('the fake', () => {
  const store = new FakeStore(new FakeDatabase());
  return { store, dispose: () => store.close() };
});
