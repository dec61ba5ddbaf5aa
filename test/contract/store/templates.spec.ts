import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TemplateRecord } from '../../../src-main/core/ports/template-repository.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { TEMPLATES } from '../../unit/creation/test-bench.ts';
import { GIT } from '../../unit/templates/template-bench.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';
import type { StoreUnderTest } from './store-contract.ts';

const [template = null] = TEMPLATES;
const record = (change: Partial<TemplateRecord> = {}): TemplateRecord => ({
  id: 'lab',
  template,
  archived: false,
  createdAt: 5,
  updatedAt: 6,
  ...change,
});
const category = { id: 'physics', name: 'Physics', description: 'x', position: 7, builtIn: false };

function describeTemplateContract(name: string, open: () => StoreUnderTest): void {
  describe(`templates of the Store contract on ${name}`, () => {
    let subject: StoreUnderTest;
    beforeEach(() => {
      subject = open();
    });
    afterEach(() => subject.dispose());

    it('keep every field, oldest first; the time of making stays', () => {
      const { templates } = subject.store;
      templates.save(record());
      templates.save(record({ id: 'blank', template: null, archived: true, createdAt: 4 }));
      templates.save(record({ archived: true, createdAt: 9, updatedAt: 10 }));
      expect(templates.list()).toEqual([
        record({ id: 'blank', template: null, archived: true, createdAt: 4 }),
        record({ archived: true, updatedAt: 10 }),
      ]);
      templates.remove('lab');
      expect(templates.list().map(({ id }) => id)).toEqual(['blank']);
    });

    it('keep categories by position, and applications', () => {
      const { templates } = subject.store;
      const mine = { ...GIT, id: 'mine', builtIn: false };
      templates.saveCategory(category);
      templates.saveCategory({ ...category, id: 'art', name: 'Art', position: 3 });
      templates.saveCategory({ ...category, name: 'Physics II' });
      templates.saveApplication({ ...mine, name: 'before' });
      templates.saveApplication(mine);
      expect(templates.categories().map((one) => one.name)).toEqual(['Art', 'Physics II']);
      expect(templates.applications()).toEqual([mine]);
      templates.removeCategory('art');
      templates.removeApplication('mine');
      expect(templates.categories()).toEqual([{ ...category, name: 'Physics II' }]);
      expect(templates.applications()).toEqual([]);
    });
  });
}

describeTemplateContract('SQLite', () => {
  const temp = new TempStore();
  return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
});

describeTemplateContract('the fake', () => {
  const store = new FakeStore(new FakeDatabase());
  return { store, dispose: () => store.close() };
});

describe('templates in SQLite', () => {
  it('change as a whole or not at all', () => {
    using temp = new TempStore();
    const { templates } = temp.open();
    const act = () =>
      templates.atomically(() => {
        templates.save(record());
        throw new Error('no');
      });
    expect(String(thrownBy(act))).toContain('no');
    expect(templates.list()).toEqual([]);
  });
});
