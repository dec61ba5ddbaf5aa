import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { MediaError, throwIfCancelled } from './media-error.ts';

export type KernelModule = {
  /** With underscores, as the kernel spells it. */
  readonly name: string;
  /** The ELF object, decompressed. */
  readonly content: Buffer;
};

const MODULE_FILE = /^(.+)\.ko(\.(?:gz|xz|zst))?$/;
const LARGEST_MODULE_BYTES = 64 * 1024 * 1024;

const normalise = (name: string): string => name.replaceAll('-', '_');

async function listModuleFiles(modulesDir: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(modulesDir, { recursive: true, withFileTypes: true })) {
    const stem = MODULE_FILE.exec(entry.name)?.[1];
    if (stem !== undefined && !entry.isDirectory()) {
      files.set(normalise(stem), join(entry.parentPath, entry.name));
    }
  }
  return files;
}

async function readModule(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    if (path.endsWith('.gz')) return gunzipSync(bytes);
    if (path.endsWith('.zst')) return zstdDecompressSync(bytes);
    if (!path.endsWith('.xz')) return bytes;
    const { stdout } = await promisify(execFile)('xz', ['-dc', path], {
      encoding: 'buffer',
      maxBuffer: LARGEST_MODULE_BYTES,
      timeout: 30_000,
    });
    return stdout;
  } catch (cause) {
    const hint =
      'Check that the file can be read, and that xz is installed when its name ends in .xz.';
    throw new MediaError(
      'tryout_module_unreadable',
      `Kernel module ${basename(path)} could not be read.`,
      hint,
      { cause },
    );
  }
}

/** The `depends=` line of a module's `.modinfo` section, which is a list of NUL-terminated `key=value` strings. */
function dependenciesOf(content: Buffer): string[] {
  const key = '\0depends=';
  const start = content.indexOf(key, 0, 'latin1');
  if (start < 0) return [];
  const end = content.indexOf(0, start + key.length);
  const list = content.subarray(start + key.length, end < 0 ? undefined : end).toString('latin1');
  return list.split(',').filter((name) => name !== '');
}

/**
 * Reads the wanted modules and what they depend on, in an order in which `insmod` can load them.
 * A name with no file is left out: it is built into the kernel, or this kernel lacks it.
 * Needs no `modules.dep`, so an unpacked kernel package will do. Throws {@link MediaError}: `tryout_module_unreadable`, `cancelled`.
 */
export async function collectModules(
  modulesDir: string,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<KernelModule[]> {
  const files = await listModuleFiles(modulesDir);
  const inOrder: KernelModule[] = [];
  const seen = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    throwIfCancelled(signal);
    const path = files.get(name);
    if (path === undefined || seen.has(name)) return;
    seen.add(name);
    const content = await readModule(path);
    for (const dependency of dependenciesOf(content)) await visit(normalise(dependency));
    inOrder.push({ name, content });
  };
  for (const name of wanted) await visit(normalise(name));
  return inOrder;
}
