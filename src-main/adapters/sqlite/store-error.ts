import Database from 'better-sqlite3';
import { BerthError } from '../../core/errors.ts';
import { newestBackup } from './backup-files.ts';

/** Where a store is, for messages that help. */
export interface StoreLocation {
  path: string;
  backupDir: string;
}

export function damaged(location: StoreLocation, detail: string, cause?: unknown): BerthError {
  const backup = newestBackup(location.backupDir);
  return new BerthError('database_damaged', `Berth's database is damaged: ${detail}`, {
    hint: backup
      ? `The newest backup is ${backup}. Restoring it keeps the damaged file ${location.path} under another name.`
      : `There is no backup yet. The damaged file is ${location.path}; it was left as it is.`,
    ...(cause !== undefined && { cause }),
  });
}

/** SQLite tells a refused write by these; the disk (or the quota) is full, or it fails. */
const WRITE_FAILURES: ReadonlySet<string> = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_IOERR_DIR_FSYNC',
  'SQLITE_IOERR_TRUNCATE',
  'SQLITE_IOERR_SHMOPEN',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_SHMMAP',
  'SQLITE_IOERR_COMMIT_ATOMIC',
]);

const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|FORMAT|IOERR_SHORT_READ|IOERR_CORRUPTFS|IOERR_DATA)(_|$)/;

/** Every SQLite error as a BerthError `database_*`; anything else, such as a refusal of the caller, as it is. */
export function toStoreError(error: unknown, location: StoreLocation): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code, message } = error;
  const { path } = location;
  if (DAMAGE.test(code)) return damaged(location, message, error);
  if (WRITE_FAILURES.has(code)) return full(path, error);
  if (/^SQLITE_(BUSY|LOCKED)(_|$)/.test(code)) {
    return new BerthError('database_locked', 'Another process is holding on to the database', {
      hint: `Another Berth, a backup or a database tool is using ${path}. Try again when it has finished.`,
      retryable: true,
      cause: error,
    });
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|AUTH)(_|$)/.test(code)) {
    return unwritable(path, message, error);
  }
  if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY') {
    return new BerthError('record_missing', 'The record that this belongs to has been removed', {
      cause: error,
    });
  }
  return new BerthError('database_failed', `The database refused: ${message} (${code})`, {
    hint: 'The log has the details.',
    cause: error,
  });
}

export function unwritable(path: string, detail: string, cause?: unknown): BerthError {
  return new BerthError('database_unwritable', `Berth cannot use its database: ${detail}`, {
    hint: `You need to be able to read and write ${path} and the folder that it is in.`,
    cause,
  });
}

/** Errors of `node:fs` around the database as BerthError; anything else as it is. */
export function fromFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  const isFull = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  return isFull ? full(path, error) : unwritable(path, error.message, error);
}

function full(path: string, cause: Error): BerthError {
  return new BerthError('database_full', `Berth could not write its database: ${cause.message}`, {
    hint: `Free some space on the file system of ${path}, then try again.`,
    retryable: true,
    cause,
  });
}
