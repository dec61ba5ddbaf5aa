import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import type { BackupFolder } from '../../core/ports/backup-folder.ts';

/** A folder of files with mode 0600; it is made, with mode 0700, when the first one is written. */
export function createBackupFolder(folder: string): BackupFolder {
  return {
    list: async () => {
      try {
        return await readdir(folder);
      } catch {
        return [];
      }
    },
    write: (name, text) => write(folder, name, text),
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
async function write(folder: string, name: string, text: string): Promise<void> {
  const target = resolve(folder, name);
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(partial, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // The process may have an unusual umask.
    await chmod(partial, 0o600);
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
