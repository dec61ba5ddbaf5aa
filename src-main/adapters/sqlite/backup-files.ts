import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export type BackupReason = 'daily' | 'upgrade';

interface BackupFile {
  path: string;
  takenAt: number;
  reason: BackupReason;
}

const NAME = /^berth-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-v\d+-(daily|upgrade)\.db$/;

/** `20261124T070722123Z`: sorts by time and is a good file name everywhere. */
export function fileStamp(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:.]/g, '');
}

export function backupName(at: number, schemaVersion: number, reason: BackupReason): string {
  return `berth-${fileStamp(at)}-v${schemaVersion}-${reason}.db`;
}

/** The backups of a folder, newest first; none when there is no such folder. Other files are ignored. */
export function listBackups(folder: string): BackupFile[] {
  return namesIn(folder)
    .map((name) => parseName(folder, name))
    .filter((file) => file !== null)
    .sort((a, b) => b.takenAt - a.takenAt);
}

export function newestBackup(folder: string): string | null {
  return listBackups(folder)[0]?.path ?? null;
}

function parseName(folder: string, name: string): BackupFile | null {
  const match = NAME.exec(name);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, ms, reason] = match;
  const takenAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  if (Number.isNaN(takenAt) || (reason !== 'daily' && reason !== 'upgrade')) return null;
  return { path: join(folder, name), takenAt, reason };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
