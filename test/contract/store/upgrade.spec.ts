import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS, SCHEMA_VERSION } from '../../../src-main/adapters/sqlite/migrations/index.ts';
import type { Migration } from '../../../src-main/adapters/sqlite/migrations/migration.ts';
import { personal } from '../../fakes/fake-departments.ts';
import {
  completed,
  creation,
  machine,
  media,
  owner,
  reservation,
  spec,
} from './helpers/samples.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const versions = MIGRATIONS.map(({ version }) => version);

const addColumn: Migration = {
  version: SCHEMA_VERSION + 1,
  sql: `ALTER TABLE machines ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'`,
};

describe('an upgrade', () => {
  it('has migrations without gaps, and a fixture of every version', () => {
    expect(versions).toEqual(versions.map((_, index) => index + 1));
    expect(readdirSync(FIXTURES).toSorted()).toEqual(versions.map((v) => `v${v}.sql`).toSorted());
  });

  it.each(versions)('from version %i keeps everything', (version) => {
    using temp = new TempStore();
    build(temp.path, version);
    const store = temp.open();
    expect(store.machines.list()).toEqual([machine(1)]);
    expect(store.machines.volumes('m1')).toEqual([
      { pool: 'berth', name: 'd.qcow2', role: 'disk' },
    ]);
    expect(store.reservations.list()).toEqual([reservation(1)]);
    const { revision, ...second } = completed(2, { storage: 2, start: 3 });
    expect(store.creations.list()).toEqual([
      creation(1, { hasSecret: true }),
      { ...second, revision: revision + 1 },
    ]);
    expect(store.creations.get('c1')).toMatchObject({ owner: owner(1), spec: null });
    expect(store.creations.get('c2')?.spec).toEqual(spec(2));
    expect([...(store.creations.secret('c1') ?? [])]).toEqual([1, 2]);
    expect(store.creations.log('c1')).toEqual([
      { at: 5, stage: 'storage', level: 'info', text: 'It’s “done”' },
    ]);
    expect(store.creations.typicalSeconds('tryout')).toBe(5);
    expect(store.journal.entries('c1')).toMatchObject([{ stage: 'storage', state: 'intended' }]);
    expect(store.media.list()).toEqual([media(1)]);
    expect(store.settings.get('user')).toBe('ada');
    expect(store.departments.get('personal')).toEqual(personal());
    expect(store.departments.usage('personal')).toMatchObject({ machines: 1, vcpus: 1 });
  });

  it.each(versions)('from version %i ends at the schema of a new database', (version) => {
    using temp = new TempStore();
    using fresh = new TempStore();
    build(temp.path, version);
    temp.close(temp.open());
    fresh.close(fresh.open());
    expect(schemaOf(temp.path)).toEqual(schemaOf(fresh.path));
  });

  it('copies the database first, once, and runs each step once', () => {
    using temp = new TempStore();
    build(temp.path, SCHEMA_VERSION);
    const migrations = [...MIGRATIONS, addColumn];
    temp.close(temp.open({ migrations }));
    temp.close(temp.open({ migrations }));
    const copies = readdirSync(temp.backupDir);
    expect(copies).toHaveLength(1);
    expect(copies[0]).toContain(`-v${SCHEMA_VERSION}-upgrade.db`);
    expect(schemaOf(join(temp.backupDir, copies[0]!))).not.toEqual(schemaOf(temp.path));
    expect(schemaOf(temp.path).join()).toContain('colour');
  });

  it('that fails leaves the database at its version', () => {
    using temp = new TempStore();
    build(temp.path, SCHEMA_VERSION);
    const half = `CREATE TABLE half (id TEXT); SELECT nonsense;`;
    const migrations = [...MIGRATIONS, { version: SCHEMA_VERSION + 1, sql: half }];
    const before = schemaOf(temp.path);
    expect(thrownBy(() => temp.open({ migrations }))).toMatchObject({ code: 'database_failed' });
    expect(schemaOf(temp.path)).toEqual(before);
    expect(temp.open().machines.list()).toEqual([machine(1)]);
  });

  it('does not begin when the copy cannot be written', () => {
    using temp = new TempStore();
    build(temp.path, SCHEMA_VERSION);
    writeFileSync(temp.backupDir, '');
    const before = schemaOf(temp.path);
    const error = thrownBy(() => temp.open({ migrations: [...MIGRATIONS, addColumn] }));
    expect(error).toMatchObject({ code: 'database_unwritable' });
    expect(schemaOf(temp.path)).toEqual(before);
  });

  it('that would leave a reference to nothing is undone', () => {
    using temp = new TempStore();
    build(temp.path, SCHEMA_VERSION);
    const migrations = [
      ...MIGRATIONS,
      { version: SCHEMA_VERSION + 1, sql: `DELETE FROM machines` },
    ];
    expect(String(thrownBy(() => temp.open({ migrations })))).toContain('references');
    expect(temp.open().machines.list()).toEqual([machine(1)]);
  });

  it('refuses a database of a later Berth and does not touch it', () => {
    using temp = new TempStore();
    build(temp.path, SCHEMA_VERSION);
    const database = new Database(temp.path);
    database.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    database.close();
    const before = readFileSync(temp.path);
    const error = thrownBy(() => temp.open());
    expect(error).toMatchObject({
      code: 'database_newer',
      hint: expect.stringContaining('BERTH_HOME'),
    });
    expect(readFileSync(temp.path).equals(before)).toBe(true);
  });

  it('refuses a database of another program', () => {
    using temp = new TempStore();
    mkdirSync(dirname(temp.path), { recursive: true });
    const database = new Database(temp.path);
    database.exec('CREATE TABLE songs (title TEXT)');
    database.close();
    expect(thrownBy(() => temp.open())).toMatchObject({ code: 'database_foreign' });
  });
});

function build(path: string, version: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.exec(readFileSync(join(FIXTURES, `v${version}.sql`), 'utf8'));
  database.close();
}

/** Columns rather than SQL text: a column added later ends the same as one that was always there. */
function schemaOf(path: string): unknown[] {
  const database = new Database(path, { readonly: true });
  const columns = database.prepare(
    `SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
     FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.name NOT LIKE 'sqlite_%'
     UNION ALL SELECT type || ' ' || name FROM sqlite_schema ORDER BY 1`,
  );
  const found = columns.pluck().all();
  database.close();
  return found;
}
