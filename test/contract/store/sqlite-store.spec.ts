import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { creation, machine, owner, reservation } from './helpers/samples.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';
import { describeStoreContract } from './store-contract.ts';

const HOUR = 60 * 60 * 1000;

describeStoreContract('SQLite', () => {
  const temp = new TempStore();
  return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
});

describe('the SQLite store', () => {
  it('keeps everything over a restart, readable by this user alone', () => {
    using temp = new TempStore();
    const first = temp.open();
    first.reservations.reserve(machine(1), reservation(1), () => undefined);
    first.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
    temp.close(first);
    expect(statSync(temp.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(temp.path)).mode & 0o777).toBe(0o700);
    const second = temp.open();
    expect(second.machines.list()).toEqual([machine(1)]);
    expect(second.creations.list()).toEqual([creation(1)]);
    expect(second.notices).toEqual([]);
    expect(statSync(`${temp.path}-wal`).mode & 0o777).toBe(0o600);
  });

  it('runs in WAL mode', () => {
    using temp = new TempStore();
    temp.open();
    using database = disposable(new Database(temp.path, { readonly: true }));
    expect(database.handle.pragma('journal_mode', { simple: true })).toBe('wal');
  });

  it('leaves a bad row out of the list, names it, and shows the others', () => {
    using temp = new TempStore();
    const store = temp.open();
    for (const n of [1, 2, 3]) {
      store.creations.insert({ creation: creation(n), owner: owner(1), spec: null }, null);
      store.reservations.reserve(machine(n), reservation(n), () => undefined);
    }
    using database = disposable(new Database(temp.path));
    database.handle.exec(`UPDATE creations SET record = substr(record, 1, 40) WHERE id = 'c2';
      UPDATE machines SET provisioning = 'dancing' WHERE id = 'm3'`);
    expect(store.creations.list().map(({ id }) => id)).toEqual(['c1', 'c3']);
    expect(store.creations.open().map((row) => row.creation.id)).toEqual(['c1', 'c3']);
    expect(store.machines.list().map(({ id }) => id)).toEqual(['m1', 'm2']);
    const error = thrownBy(() => store.creations.get('c2'));
    expect(error).toMatchObject({ code: 'database_damaged' });
    expect(String(error)).toContain('table creations, row c2');
    expect(store.notices).toHaveLength(2);
    expect(store.notices[1]).toContain('table machines, row m3: provisioning');
  });

  it('stops rather than overlook a journal entry that it cannot read', () => {
    using temp = new TempStore();
    const store = temp.open();
    store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
    store.journal.intend('c1', 'storage', { kind: 'pool', name: 'berth', path: '/p' });
    using database = disposable(new Database(temp.path));
    database.handle.exec(`UPDATE journal SET effect = '{"kind":"moon"}'`);
    expect(() => store.journal.entries('c1')).toThrow(
      expect.objectContaining({ code: 'database_damaged' }),
    );
  });

  it('copies itself once a day and keeps five copies', () => {
    using temp = new TempStore();
    temp.close(temp.open());
    expect(backups(temp)).toEqual([]);
    for (let day = 0; day < 8; day += 1) {
      temp.close(temp.open());
      temp.time += 12 * HOUR;
      temp.close(temp.open());
      temp.time += 13 * HOUR;
    }
    expect(backups(temp)).toHaveLength(5);
    expect(backups(temp)[0]).toMatch(/^berth-202611\d\dT\d{9}Z-v\d+-daily\.db$/);
    expect(statSync(`${temp.backupDir}/${backups(temp)[0]}`).mode & 0o777).toBe(0o600);
  });

  it('goes on when a backup cannot be written, and logs it', () => {
    using temp = new TempStore();
    temp.close(temp.open());
    // A file in the way of the folder fails the copy for every user, root included.
    writeFileSync(temp.backupDir, '');
    temp.open();
    expect(temp.log.entries).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringContaining('backup') }),
    );
  });

  it('saves a creation in well under a millisecond', () => {
    using temp = new TempStore();
    const store = temp.open();
    store.creations.insert({ creation: creation(1), owner: owner(1), spec: null }, null);
    let saved = creation(1);
    const times = Array.from({ length: 500 }, () => {
      const start = performance.now();
      saved = store.creations.save(saved);
      return performance.now() - start;
    }).toSorted((a, b) => a - b);
    // The quickest tells what it costs; the others also what else the computer had to do.
    expect(times[0]).toBeLessThan(1);
    expect(saved.revision).toBe(500);
  });

  it('is locked while another process writes for longer than it waits', () => {
    using temp = new TempStore();
    const store = temp.open();
    using database = disposable(new Database(temp.path));
    database.handle.exec('BEGIN IMMEDIATE');
    const error = thrownBy(() => store.settings.set('a', 'b'));
    expect(error).toMatchObject({ code: 'database_locked', retryable: true });
    database.handle.exec('ROLLBACK');
    store.settings.set('a', 'b');
    expect(store.settings.get('a')).toBe('b');
  });
});

function backups(temp: TempStore): string[] {
  return readdirSync(temp.folder).includes('backups') ? readdirSync(temp.backupDir).toSorted() : [];
}

function disposable(handle: Database.Database): Disposable & { handle: Database.Database } {
  return { handle, [Symbol.dispose]: () => handle.close() };
}
