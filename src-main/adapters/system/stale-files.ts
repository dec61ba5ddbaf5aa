import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import type { StaleFile, StaleFiles } from '../../core/ports/stale-files.ts';

export interface StaleFileOptions {
  /** Where connection files of viewers are put. */
  runtimeFolder: string;
  cacheFolder: string;
  uid: number;
  now: () => number;
}

/** A viewer reads its file within seconds, and a build takes less than a minute. */
const STALE_MS = 60 * 60 * 1000;

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const VIEWER_FILE = new RegExp(`^berth-${UUID}\\.vv$`);
/** See mkdtemp(3): six characters of its own choice. */
const VIEWER_FOLDER = /^berth-viewer-\w{6}$/;
const HALF_BUILT = /^tryout-[0-9a-f]{16}\.(?:vmlinuz|initrd)\.[0-9a-f]{8}$/;

/** Known by their names, their owner and their age. */
export function staleFiles(options: StaleFileOptions): StaleFiles {
  const list = async (): Promise<StaleFile[]> => {
    const { runtimeFolder, cacheFolder } = options;
    const groups = await Promise.all([
      search(options, runtimeFolder, VIEWER_FILE, 'connection file of a viewer'),
      search(options, runtimeFolder, VIEWER_FOLDER, 'connection file of a viewer'),
      search(options, join(cacheFolder, 'tryout'), HALF_BUILT, 'half-built try-out guest'),
    ]);
    return groups.flat();
  };
  return {
    list,
    remove: async (path) => {
      if (!(await list()).some((one) => one.path === path)) {
        throw new BerthError('file_not_ours', `${path} is no stale file of Berth.`);
      }
      await rm(path, { recursive: true, force: true });
    },
  };
}

async function search(
  { uid, now }: StaleFileOptions,
  folder: string,
  pattern: RegExp,
  purpose: string,
): Promise<StaleFile[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => pattern.test(name))
      .map(async (name) => {
        const path = join(folder, name);
        const stats = await lstat(path).catch(() => null);
        const isStale = stats !== null && stats.uid === uid && now() - stats.mtimeMs > STALE_MS;
        return isStale ? [{ path, purpose, modifiedAt: Math.floor(stats.mtimeMs) }] : [];
      }),
  );
  return found.flat();
}
