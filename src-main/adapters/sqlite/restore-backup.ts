import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import { PRIVATE_STATE, type StateModes } from '../../core/ports/state-modes.ts';
import { flush } from './backup.ts';
import { fileStamp, listBackups } from './backup-files.ts';
import { inspect } from './inspect.ts';
import { SCHEMA_VERSION } from './migrations/index.ts';
import { fromFileError } from './store-error.ts';

/**
 * Puts the newest good backup in the database's place. The present file is kept beside it as
 * `<name>.damaged-<time>`. Call it only when the person has asked for it and no Berth has the database open.
 *
 * @returns a message for the person: what was restored, and where the damaged file is.
 * @throws BerthError `backup_missing` when no backup can be read, `database_full` or `database_unwritable`;
 * then there is a file under `path` as before.
 */
export function restoreBackup(options: {
  path: string;
  backupDir: string;
  now: () => number;
  /** Default: nobody else reads or writes it. */
  modes?: StateModes;
}): string {
  const { path, backupDir, modes = PRIVATE_STATE } = options;
  const backup = listBackups(backupDir).find((file) => isGood(file.path, backupDir));
  if (!backup) {
    throw new BerthError('backup_missing', 'There is no backup that can be read', {
      hint: `Berth looked in ${backupDir}. Move ${path} away to start with an empty library; machines stay in libvirt.`,
    });
  }
  const aside = `${path}.damaged-${fileStamp(options.now())}`;
  const fresh = `${path}.${process.pid}.restoring`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: modes.folder });
    copyFileSync(backup.path, fresh);
    chmodSync(fresh, modes.file);
    flush(fresh);
    // A WAL of the damaged file must never meet the restored one: its frames would be played into it.
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    }
    if (existsSync(path)) keepAside(path, aside);
    renameSync(fresh, path);
    flush(dirname(path));
  } catch (error) {
    throw fromFileError(error, path);
  } finally {
    rmSync(fresh, { force: true });
  }
  const when = new Date(backup.takenAt).toISOString().slice(0, 16).replace('T', ' ');
  return (
    `Berth's database was damaged and has been restored from the backup of ${when} UTC. ` +
    `Later changes are missing from the library. The damaged file is kept as ${basename(aside)}.`
  );
}

/** A second name for the file, so that there is a database under `path` at every moment. */
function keepAside(path: string, aside: string): void {
  try {
    linkSync(path, aside);
  } catch {
    renameSync(path, aside);
  }
}

function isGood(path: string, backupDir: string): boolean {
  try {
    inspect({ path, backupDir }, SCHEMA_VERSION);
    return true;
  } catch {
    return false;
  }
}
