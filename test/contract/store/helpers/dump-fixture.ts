// Writes fixtures/v<N>.sql for the schema version of this checkout. Run it once, when a version is released:
//   npx -c 'node test/contract/store/helpers/dump-fixture.ts'
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { fill } from './fixture-content.ts';
import { TempStore } from './temp-store.ts';

const names = z.array(z.string());

function dump(database: Database.Database): string {
  const list = (sql: string) => names.parse(database.prepare(sql).pluck().all());
  const pragma = (name: string) => `PRAGMA ${name} = ${database.pragma(name, { simple: true })};`;
  const schema = list(`SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL
    AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid`);
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

using temp = new TempStore();
const store = temp.open();
fill(store);
temp.close(store);
const database = new Database(temp.path);
const version = Number(database.pragma('user_version', { simple: true }));
const target = join(import.meta.dirname, '..', 'fixtures', `v${version}.sql`);
writeFileSync(target, dump(database));
database.close();
console.log(target);
