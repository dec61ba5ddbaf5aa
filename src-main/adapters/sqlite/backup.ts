import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { PRIVATE_STATE } from '../../core/ports/state-modes.ts';
import { type BackupReason, backupName, listBackups } from './backup-files.ts';

/** Of each reason; older ones are removed. */
const KEPT = 5;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Writes a compact, consistent copy of the whole database, WAL included, while others go on reading and
 * writing. A copy appears under its final name only when it is complete and on disk. Throws SQLite's error.
 */
export function writeBackup(
  database: Database.Database,
  backupDir: string,
  reason: BackupReason,
  at: number,
  modes = PRIVATE_STATE,
): string {
  const made = mkdirSync(backupDir, { recursive: true, mode: modes.folder });
  if (made !== undefined) chmodSync(backupDir, modes.folder);
  const version = Number(database.pragma('user_version', { simple: true }));
  const target = join(backupDir, backupName(at, version, reason));
  const partial = `${target}.${process.pid}.partial`;
  try {
    rmSync(partial, { force: true });
    database.prepare('VACUUM INTO ?').run(partial);
    chmodSync(partial, modes.file);
    flush(partial);
    renameSync(partial, target);
    flush(dirname(target));
  } finally {
    rmSync(partial, { force: true });
  }
  for (const old of listBackups(backupDir)
    .filter((file) => file.reason === reason)
    .slice(KEPT)) {
    rmSync(old.path, { force: true });
  }
  return target;
}

/** Whether the newest backup of any kind is older than a day, or there is none. */
export function isDailyBackupDue(backupDir: string, now: number): boolean {
  const newest = listBackups(backupDir)[0];
  return newest === undefined || now - newest.takenAt >= DAY_MS;
}

/** Makes a file's content, or a folder's entries, survive a power cut. */
export function flush(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
