import { baseName, folderOf } from './paths.ts';
import type { Finder } from './reconcile-evidence.ts';

/** What processes that have died left in folders of this user. */
export const findStaleFiles: Finder = async ({ staleFiles }) => {
  const files = await staleFiles.list();
  return files.map(({ path, purpose, modifiedAt }) => ({
    id: `file/${path}`,
    kind: 'file' as const,
    name: baseName(path),
    where: folderOf(path),
    origin: `A ${purpose}, last changed ${new Date(modifiedAt).toISOString()}.`,
    removes: [path],
    remove: async () => {
      await staleFiles.remove(path);
      return `${path} is gone.`;
    },
  }));
};
