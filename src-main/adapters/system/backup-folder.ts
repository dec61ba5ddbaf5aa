import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import type { BackupFolder } from '../../core/ports/backup-folder.ts';
import { PRIVATE_STATE, type StateModes } from '../../core/ports/state-modes.ts';

/** The folder is made when its first file is written. By default nobody else reads or writes it. */
export function createBackupFolder(folder: string, modes = PRIVATE_STATE): BackupFolder {
  return {
    list: async () => {
      try {
        return await readdir(folder);
      } catch {
        return [];
      }
    },
    write: (name, text) => write(folder, modes, name, text),
    read: async (name) => {
      const path = resolve(folder, name);
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        throw new BerthError('file_unreadable', `The backup ${path} cannot be read.`, {
          cause: error,
        });
      }
    },
    remove: (name) => rm(resolve(folder, name), { force: true }),
  };
}

/** A power cut leaves the file as it was before, or whole. */
async function write(folder: string, modes: StateModes, name: string, text: string): Promise<void> {
  const target = resolve(folder, name);
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    const made = await mkdir(folder, { recursive: true, mode: modes.folder });
    if (made !== undefined) await chmod(folder, modes.folder);
    const file = await open(partial, 'wx', modes.file);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // The process may have an unusual umask.
    await chmod(partial, modes.file);
    await rename(partial, target);
    await flush(folder);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw new BerthError('backup_unwritable', `The backup ${target} could not be written.`, {
      hint: 'See whether the disk is full and the folder is yours.',
      cause: error,
    });
  }
}

async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
