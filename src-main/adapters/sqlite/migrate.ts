import type Database from 'better-sqlite3';
import { APPLICATION_ID } from './inspect.ts';
import type { Migration } from './migrations/migration.ts';

/**
 * Brings the schema to the newest version, one transaction a step. Of several processes that do it at
 * once each step is done by one; the others find it done. Throws SQLite's error, with that step undone.
 */
export function migrate(database: Database.Database, migrations: readonly Migration[]): void {
  // A step that rebuilds a table may break references on the way; they are checked before it commits.
  database.pragma('foreign_keys = OFF');
  try {
    for (const migration of migrations) {
      database
        .transaction(() => {
          const version = Number(database.pragma('user_version', { simple: true }));
          if (version >= migration.version) return;
          database.exec(migration.sql);
          const broken = database.prepare('PRAGMA foreign_key_check').all();
          if (broken.length > 0) {
            throw new Error(`migration ${migration.version} breaks ${broken.length} references`);
          }
          database.pragma(`application_id = ${APPLICATION_ID}`);
          database.pragma(`user_version = ${migration.version}`);
        })
        .immediate();
    }
  } finally {
    database.pragma('foreign_keys = ON');
  }
}
