// The project's Node.js packages, and the Node.js that runs it: the one in node_modules, as the system's may be too old.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './os.mjs';

const NODE_MAJOR = 24;

/**
 * Whether the installed packages are those of the lock file. `installed` is npm's own record of what it put into node_modules.
 * @param {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean }> }} lock
 * @param {{ packages?: Record<string, { version?: string, integrity?: string, link?: boolean }> }} installed
 */
export function isUpToDate(lock, installed) {
  const wanted = lock.packages ?? {};
  const found = installed.packages ?? {};
  const right = Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true; // the project itself and its workspaces
    const there = found[path];
    if (there === undefined) return entry.optional === true; // for another platform
    return there.version === entry.version && there.integrity === entry.integrity;
  });
  const nothingElse = Object.keys(found).every(
    (path) => !path.startsWith('node_modules/') || path in wanted,
  );
  return right && nothingElse;
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** @param {string} root */
export function needsInstall(root) {
  try {
    const lock = readJson(join(root, 'package-lock.json'));
    return (
      !existsSync(nodeProgram(root)) ||
      !isUpToDate(lock, readJson(join(root, 'node_modules/.package-lock.json')))
    );
  } catch {
    return true;
  }
}

/** @param {string} root */
export const nodeProgram = (root) => join(root, 'node_modules/node/bin/node');

/**
 * Runs `npm ci` when it is needed.
 * @param {string} root
 * @param {NodeJS.WriteStream} [to] where npm's words go
 */
export async function ensureNodePackages(root, to = process.stdout) {
  if (!needsInstall(root)) return true;
  to.write('$ npm ci\n');
  return (await run(['npm', 'ci'], { cwd: root, stdio: ['ignore', to, 'inherit'] })) === 0;
}

/** @param {string} version as in `process.versions.node` */
export const isRightNode = (version) => Number(version.split('.')[0]) >= NODE_MAJOR;

/**
 * Environment in which `node`, and every program that starts with `#!/usr/bin/env node`, is the project's.
 * @param {string} root
 */
export const nodeEnvironment = (root) => ({
  ...process.env,
  BERTH_COMMAND: 'npm run -s berth --',
  PATH: `${dirname(nodeProgram(root))}:${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
});

/**
 * Runs this program again under the project's Node.js when it runs under an older one, and ends with its exit code.
 * @param {string} root
 */
export async function continueUnderRightNode(root) {
  if (isRightNode(process.versions.node)) return;
  const code = await run([nodeProgram(root), ...process.argv.slice(1)], {
    env: nodeEnvironment(root),
  });
  process.exit(code);
}
