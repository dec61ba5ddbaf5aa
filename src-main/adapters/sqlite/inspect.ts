import Database from 'better-sqlite3';
import { BerthError } from '../../core/errors.ts';
import { damaged, type StoreLocation, toStoreError } from './store-error.ts';

/** `PRAGMA application_id`: "Brth". Marks a file as Berth's. */
export const APPLICATION_ID = 0x42727468;

export const BUSY_TIMEOUT_MS = 5000;

/**
 * Looks at an existing database through a read-only connection, so that a file which is refused stays
 * byte for byte as it was: opening it for writing would already play its WAL into it.
 *
 * @param knownVersion the newest schema version that may be there.
 * @returns the schema version, 0 for an empty database.
 * @throws BerthError `database_damaged`, `database_newer`, `database_foreign` or another `database_*`.
 */
export function inspect(location: StoreLocation, knownVersion: number): number {
  let database: Database.Database | undefined;
  try {
    database = new Database(location.path, {
      readonly: true,
      fileMustExist: true,
      timeout: BUSY_TIMEOUT_MS,
    });
    // One snapshot: another process may be making the tables right now.
    return database.transaction(check)(database, location, knownVersion);
  } catch (error) {
    throw toStoreError(error, location);
  } finally {
    database?.close();
  }
}

function check(database: Database.Database, location: StoreLocation, knownVersion: number): number {
  const version = Number(database.pragma('user_version', { simple: true }));
  const application = Number(database.pragma('application_id', { simple: true }));
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (application !== APPLICATION_ID && tables > 0) {
    throw new BerthError('database_foreign', `${location.path} is a database of another program`, {
      hint: 'Move it away, or point BERTH_HOME at another folder.',
    });
  }
  const found = database.prepare('PRAGMA quick_check(1)').pluck().get();
  if (found !== 'ok') throw damaged(location, firstLine(found));
  if (version > knownVersion) throw newer(version, knownVersion, location);
  if (version < 0 || (version === 0 && tables > 0) || (version > 0 && tables === 0)) {
    throw damaged(location, `it says that it has version ${version}, and has ${tables} tables`);
  }
  return version;
}

function newer(version: number, known: number, { path }: StoreLocation): BerthError {
  return new BerthError(
    'database_newer',
    `The database was made by a later version of Berth (schema ${version}; this one knows ${known})`,
    { hint: `Use that version, or point BERTH_HOME at another folder. ${path} was left as it is.` },
  );
}

function firstLine(text: unknown): string {
  const lines = String(text).split('\n');
  return lines.find((line) => line !== '' && !line.startsWith('***')) ?? 'it does not check out';
}
