// Builds the app when a source is newer than the last build.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeEnvironment } from './node.mjs';
import { run, say } from './os.mjs';

const SOURCES = [
  'src-contract',
  'src-main',
  'src-preload',
  'src-renderer',
  'node-libvirt/src',
  'electron.vite.config.ts',
  'package-lock.json',
];
const RESULTS = ['out/main/main.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/**
 * Time of the newest file in a file or folder, in milliseconds.
 * @param {string} path
 * @returns {number}
 */
export function newestTime(path) {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = readdirSync(path).filter((name) => name !== 'node_modules');
  return Math.max(found.mtimeMs, ...entries.map((name) => newestTime(join(path, name))));
}

/** @param {string} root */
export function needsBuild(root) {
  const results = RESULTS.map((path) => join(root, path));
  if (!results.every((path) => existsSync(path))) return true;
  const built = Math.min(...results.map((path) => statSync(path).mtimeMs));
  return SOURCES.some((path) => newestTime(join(root, path)) > built);
}

/** @param {string} root */
export async function ensureBuilt(root) {
  if (!needsBuild(root)) return true;
  say('Building ...');
  const tool = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  return (
    (await run([process.execPath, tool, 'build', '--logLevel', 'warn'], {
      cwd: root,
      env: nodeEnvironment(root),
    })) === 0
  );
}
