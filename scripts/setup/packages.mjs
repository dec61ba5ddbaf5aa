// Finds out which system packages are missing and installs them, one announced command at a time.
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NEEDS } from './needs.mjs';
import { asAdministrator, confirm, findProgram, output, run, say, showCommand } from './os.mjs';

/** @typedef {import('./needs.mjs').Need} Need */
/** @typedef {import('./os.mjs').Family} Family */

const PT_INTERP = 3;

/**
 * Whether an x86-64 program needs no dynamic loader.
 * @param {string} path
 */
export function isStatic(path) {
  let file;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(4096);
    readSync(file, head, 0, head.length, 0);
    if (head.readUInt32BE(0) !== 0x7f454c46) return false;
    const [start, size, count] = [
      Number(head.readBigUInt64LE(32)),
      head.readUInt16LE(54),
      head.readUInt16LE(56),
    ];
    return !Array.from({ length: count }, (_, i) => head.readUInt32LE(start + i * size)).includes(
      PT_INTERP,
    );
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Whether a file is there whose path matches; `*` stands for a part of one name.
 * @param {string} pattern
 */
export function fileExists(pattern) {
  const star = pattern.indexOf('*');
  if (star < 0) return existsSync(pattern);
  const folder = dirname(pattern.slice(0, star + 1));
  const [name = '', ...rest] = pattern.slice(folder.length + 1).split('/');
  const matches = new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  try {
    return readdirSync(folder)
      .filter((entry) => matches.test(entry))
      .some((entry) => fileExists(join(folder, entry, ...rest)));
  } catch {
    return false;
  }
}

/**
 * @param {Need} need
 * @returns {boolean}
 */
export function isMet(need) {
  const programs = (need.programs ?? []).every((choices) =>
    choices.some((program) => findProgram(program)),
  );
  const files = need.files === undefined || need.files.some((pattern) => fileExists(pattern));
  const fixed =
    need.staticProgram === undefined || need.staticProgram.some((path) => isStatic(path));
  return programs && files && fixed;
}

/**
 * The needs of these groups that are not met.
 * @param {readonly import('./needs.mjs').Group[]} groups
 * @param {(need: Need) => boolean} [met]
 */
export const findMissing = (groups, met = isMet) =>
  NEEDS.filter((need) => need.groups.some((group) => groups.includes(group)) && !met(need));

/**
 * What the packages of a need are called; Ubuntu's are Debian's unless it has its own.
 * @param {Need} need
 * @param {Family} family
 * @returns {readonly string[]}
 */
export const packagesOf = (need, family) =>
  need.packages[family] ?? (family === 'ubuntu' ? need.packages.debian : undefined) ?? [];

const IS_KNOWN = /** @type {const} */ ({
  debian: ['apt-cache', 'show'],
  ubuntu: ['apt-cache', 'show'],
  fedora: ['dnf', '-q', 'info'],
  arch: ['pacman', '-Si'],
  suse: ['zypper', '-q', 'search', '--match-exact'],
});

/**
 * The commands that install packages, in order.
 * @param {Family} family
 * @param {readonly string[]} packages
 * @returns {string[][]}
 */
export function installCommands(family, packages) {
  switch (family) {
    case 'debian':
    case 'ubuntu':
      return [
        ['apt-get', 'update'],
        [
          'env',
          'DEBIAN_FRONTEND=noninteractive',
          'apt-get',
          'install',
          '--yes',
          '--no-install-recommends',
          ...packages,
        ],
      ];
    case 'fedora':
      return [['dnf', 'install', '--assumeyes', ...packages]];
    case 'arch':
      return [['pacman', '--sync', '--needed', '--noconfirm', ...packages]];
    case 'suse':
      return [['zypper', '--non-interactive', 'install', '--no-recommends', ...packages]];
  }
}

/**
 * Leaves out the optional packages (`name?`) that this system's package lists do not know.
 * @param {Family} family
 * @param {readonly string[]} packages
 * @param {(command: readonly string[]) => unknown} [ask]
 */
export function settleOptional(family, packages, ask = output) {
  const wanted = packages.filter(
    (name) => !name.endsWith('?') || ask([...IS_KNOWN[family], name.slice(0, -1)]),
  );
  return [...new Set(wanted.map((name) => name.replace(/\?$/, '')))];
}

/**
 * Installs what the groups need and answers whether everything is there now.
 * @param {readonly import('./needs.mjs').Group[]} groups
 * @param {{ family: Family | undefined, yes: boolean, root: boolean, interactive: boolean }} situation
 */
export async function ensurePackages(groups, situation) {
  const missing = findMissing(groups);
  if (missing.length === 0) return true;
  say(`Missing on this system:\n${missing.map((need) => `  - ${need.purpose}`).join('\n')}`);
  const { family } = situation;
  if (family === undefined) {
    say(
      'This distribution is not known here. Please install these by its own means and start again.',
    );
    return false;
  }
  const names = [...new Set(missing.flatMap((need) => packagesOf(need, family)))];
  const commands = installCommands(
    family,
    names.map((name) => name.replace(/\?$/, '')),
  );
  say(
    `To install:\n${commands.map((command) => `  ${showCommand(asAdministrator(command, situation))}`).join('\n')}`,
  );
  if (!(await confirm('Run it now?', situation))) return false;
  if (!(await install(family, names, situation))) return false;
  const still = findMissing(groups);
  for (const need of still) say(`Still missing: ${need.purpose}`);
  return still.length === 0;
}

async function install(family, names, situation) {
  // The lists are brought up to date first, as they tell which optional packages exist.
  const [refresh, ...more] = installCommands(family, []);
  if (more.length > 0 && refresh !== undefined && !(await runAnnounced(refresh, situation)))
    return false;
  const command = installCommands(family, settleOptional(family, names)).at(-1) ?? [];
  return await runAnnounced(command, situation);
}

async function runAnnounced(command, situation) {
  const full = asAdministrator(command, situation);
  say(`$ ${showCommand(full)}`);
  return (await run(full, { stdio: ['ignore', 'inherit', 'inherit'] })) === 0;
}
