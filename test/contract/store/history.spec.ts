import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { TempStore } from './helpers/temp-store.ts';
import { describeHistoryContract } from './history-contract.ts';

describeHistoryContract('SQLite', () => {
  const temp = new TempStore();
  return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
});

describeHistoryContract('the fake', () => {
  const store = new FakeStore(new FakeDatabase());
  return { store, dispose: () => store.close() };
});

describe('the audit in SQLite', () => {
  it.each([
    ['changed', "UPDATE audit SET actor = 'mallory'"],
    ['removed', 'DELETE FROM audit'],
    [
      'replaced',
      `INSERT OR REPLACE INTO audit (id, at, actor, command, inputs, outcome)
       VALUES (1, 2, 'mallory', 'x', '{}', 'done')`,
    ],
  ])('cannot be %s, whoever opens the database', (_what, sql) => {
    using temp = new TempStore();
    const store = temp.open();
    const entry = {
      at: 1,
      actor: 'ada',
      command: 'machines.delete',
      departmentId: 'personal',
      subject: 'm1',
      creationId: null,
      inputs: {},
      outcome: 'done',
      errorCode: null,
    } as const;
    store.audit.append(entry);
    const database = new Database(temp.path);
    try {
      expect(() => database.exec(sql)).toThrow('append-only');
    } finally {
      database.close();
    }
    expect(store.audit.query({ limit: 10 })).toEqual([{ id: 1, ...entry }]);
  });
});
