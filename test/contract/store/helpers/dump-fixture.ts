// Writes the fixtures/v<N>.sql that are missing. Run it once, when a version is released:
//   npx -c 'node test/contract/store/helpers/dump-fixture.ts'
// The newest is written by this checkout; one in between, which was never released, is the one before it, upgraded.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import {
  MIGRATIONS,
  SCHEMA_VERSION,
} from '../../../../src-main/adapters/sqlite/migrations/index.ts';
import { fill } from './fixture-content.ts';
import { TempStore } from './temp-store.ts';

const names = z.array(z.string());
const fixture = (version: number) => join(import.meta.dirname, '..', 'fixtures', `v${version}.sql`);

function dump(database: Database.Database): string {
  const list = (sql: string) => names.parse(database.prepare(sql).pluck().all());
  const pragma = (name: string) => `PRAGMA ${name} = ${database.pragma(name, { simple: true })};`;
  const schema = list(`SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL
    AND name NOT LIKE 'sqlite_%'
    ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid`);
  const tables = list(`SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite_%' ORDER BY rowid`);
  const inserts = tables.flatMap((table) => {
    const columns = list(`SELECT name FROM pragma_table_info('${table}')`);
    const values = columns.map((column) => `quote(${column})`).join(` || ', ' || `);
    const head = `INSERT INTO ${table} (${columns.join(', ')}) VALUES`;
    return list(`SELECT '${head} (' || ${values} || ');' FROM ${table}`);
  });
  const stamps = [pragma('application_id'), pragma('user_version')];
  return `${[...stamps, ...schema, ...inserts].join('\n')}\n`;
}

function newest(): string {
  using temp = new TempStore();
  const store = temp.open();
  fill(store);
  temp.close(store);
  const database = new Database(temp.path);
  const text = dump(database);
  database.close();
  return text;
}

function upgraded(version: number): string {
  const database = new Database(':memory:');
  database.exec(readFileSync(fixture(version - 1), 'utf8'));
  database.exec(MIGRATIONS[version - 1]?.sql ?? '');
  database.pragma(`user_version = ${version}`);
  const text = dump(database);
  database.close();
  return text;
}

for (const { version } of MIGRATIONS) {
  if (existsSync(fixture(version))) continue;
  writeFileSync(fixture(version), version === SCHEMA_VERSION ? newest() : upgraded(version));
  console.log(fixture(version));
}
