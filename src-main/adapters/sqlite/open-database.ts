import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PRIVATE_STATE, type StateModes } from '../../core/ports/state-modes.ts';
import type { Log } from '../../core/ports/system.ts';
import { writeBackup } from './backup.ts';
import { newestBackup } from './backup-files.ts';
import { BUSY_TIMEOUT_MS, inspect } from './inspect.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import {
  damaged,
  fromFileError,
  type StoreLocation,
  toStoreError,
  unwritable,
} from './store-error.ts';

export interface OpenOptions extends StoreLocation {
  log: Log;
  now: () => number;
  /** Default: nobody else reads or writes it. */
  modes?: StateModes;
  /** Another history of the schema than Berth's, for tests of upgrades. */
  migrations?: readonly Migration[];
}

/** A checked and upgraded database in WAL mode. Throws BerthError `database_*`, with the file unchanged. */
export function openDatabase(options: OpenOptions): {
  database: Database.Database;
  notices: string[];
  isNew: boolean;
} {
  const { migrations = MIGRATIONS, modes = PRIVATE_STATE } = options;
  const notices = prepareFile(options, modes);
  const version = inspect(options, migrations.length);
  let database: Database.Database | undefined;
  try {
    database = new Database(options.path, { timeout: BUSY_TIMEOUT_MS });
    configure(database);
    if (version > 0 && version < migrations.length) {
      const copy = writeBackup(database, options.backupDir, 'upgrade', options.now(), modes);
      options.log.info('database copied before its upgrade', { from: version, copy });
    }
    if (version < migrations.length) migrate(database, migrations);
    return { database, notices, isNew: version === 0 };
  } catch (error) {
    database?.close();
    throw toStoreError(fromFileError(error, options.backupDir), options);
  }
}

/** Makes folder and file (WAL and shared memory get the file's mode). */
function prepareFile(location: StoreLocation, modes: StateModes): string[] {
  const { path, backupDir } = location;
  const backup = newestBackup(backupDir);
  try {
    if (existsSync(path)) {
      // SQLite would take an empty file for a new database, and the library would silently be gone.
      if (statSync(path).size === 0 && backup) throw damaged(location, 'the file is empty');
      return [];
    }
    mkdirSync(dirname(path), { recursive: true, mode: modes.folder });
    closeSync(openSync(path, 'a', modes.file));
    // The process may have an unusual umask.
    chmodSync(path, modes.file);
  } catch (error) {
    throw fromFileError(error, path);
  }
  return backup
    ? [`The library's database was missing and a new one was made. The newest backup is ${backup}.`]
    : [];
}

function configure(database: Database.Database): void {
  switchToWal(database);
  // In WAL mode NORMAL never damages the file; a power cut may lose the last commits. The journal
  // asks for more: see SqlConnection.durably.
  database.pragma('synchronous = NORMAL');
  database.pragma('foreign_keys = ON');
}

/** Two processes that both make the database meet here; SQLite does not use its busy timeout for the switch. */
function switchToWal(database: Database.Database): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      const mode = database.pragma('journal_mode = WAL', { simple: true });
      if (mode === 'wal') return;
      const detail = `its file system cannot share memory (SQLite stays in ${String(mode)} mode)`;
      throw unwritable(database.name, detail);
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
