import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Kept between runs, outside of what npm installs for the project. */
const cache = path.join(import.meta.dirname, '../../../.cache/node-versions');

export type NodeProgram =
  | { readonly file: string; readonly missing: null }
  | { readonly file: null; readonly missing: string };

/** The program of a major version of Node: from the cache, else from the npm package `node`. */
export async function nodeProgram(major: number): Promise<NodeProgram> {
  const directory = path.join(cache, String(major));
  const file = path.join(directory, 'node_modules/node/bin/node');
  if (await isVersion(file, major)) return { file, missing: null };
  await mkdir(directory, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--prefix', directory];
  try {
    await run('npm', ['install', ...options, `node@${major}`], {
      cwd: directory,
      timeout: 120_000,
    });
  } catch (error) {
    return { file: null, missing: `npm cannot install node@${major}: ${firstLine(error)}` };
  }
  if (await isVersion(file, major)) return { file, missing: null };
  return { file: null, missing: `the npm package node@${major} brought no Node ${major}` };
}

async function isVersion(file: string, major: number): Promise<boolean> {
  const found = await run(file, ['--version']).catch(() => null);
  return found?.stdout.startsWith(`v${major}.`) ?? false;
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n').slice(0, 3).join(' ');
}
