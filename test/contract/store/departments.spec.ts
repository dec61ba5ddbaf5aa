import { describe, expect, it } from 'vitest';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { describeDepartmentContract } from './department-contract.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';

describeDepartmentContract('SQLite', () => {
  const temp = new TempStore();
  return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
});

describeDepartmentContract('the fake', () => {
  const store = new FakeStore(new FakeDatabase());
  return { store, dispose: () => store.close() };
});

describe('departments in SQLite', () => {
  it('change as a whole or not at all', () => {
    using temp = new TempStore();
    const store = temp.open();
    expect(
      String(
        thrownBy(() =>
          store.departments.atomically(() => {
            store.departments.setMember('personal', { kind: 'user', name: 'ada', role: 'owner' });
            store.departments.update('personal', { description: 'changed' });
            throw new Error('no');
          }),
        ),
      ),
    ).toContain('no');
    expect(store.departments.get('personal')).toMatchObject({
      members: [],
      description: 'Machines of your own.',
    });
  });

  it('are seen by another process as a whole, once they are complete', () => {
    using temp = new TempStore();
    const [first, second] = [temp.open(), temp.open()];
    first.departments.atomically(() => {
      first.departments.update('personal', { description: 'first' });
      expect(second.departments.get('personal')?.description).toBe('Machines of your own.');
    });
    const seen = second.departments.atomically(() => second.departments.get('personal'));
    expect(seen?.description).toBe('first');
  });
});
