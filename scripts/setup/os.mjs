// What kind of system this is, what this user may do, and how to run and announce commands.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline/promises';

/** @typedef {'debian' | 'ubuntu' | 'fedora' | 'arch' | 'suse'} Family */

const FAMILIES = /** @type {const} */ (['ubuntu', 'debian', 'fedora', 'arch', 'suse']);

/**
 * The distribution family named by an os-release file; undefined when it is none that is known.
 * @param {string} osRelease content of /etc/os-release
 * @returns {Family | undefined}
 */
export function detectFamily(osRelease) {
  const value = (key) => new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const words = `${value('ID')} ${value('ID_LIKE')}`.toLowerCase().split(/\s+/);
  const alike = words.map((word) =>
    word.replace(/^opensuse.*|^sles?$/, 'suse').replace(/^rhel$|^centos$/, 'fedora'),
  );
  return alike.map((word) => FAMILIES.find((family) => family === word)).find(Boolean);
}

/** @returns {Family | undefined} */
export function thisFamily() {
  try {
    return detectFamily(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return undefined;
  }
}

export const isRoot = () => process.getuid?.() === 0;

/** Whether somebody can be asked. */
export const isInteractive = () =>
  Boolean(process.stdin.isTTY && process.stdout.isTTY) && process.env['CI'] !== 'true';

const SYSTEM_FOLDERS = [
  '/usr/sbin',
  '/sbin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/usr/bin',
  '/bin',
];

/**
 * Where a program is on the search path or in the administrator's folders.
 * @param {string} program
 * @returns {string | undefined}
 */
export function findProgram(program) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * The same command with what gives it the administrator's rights.
 * @param {readonly string[]} command
 * @param {{ root: boolean, interactive: boolean }} situation
 * @returns {string[]}
 */
export function asAdministrator(command, { root, interactive }) {
  if (root) return [...command];
  // Where nobody can type a password, sudo shall fail instead of waiting for one.
  return interactive ? ['sudo', ...command] : ['sudo', '-n', ...command];
}

const quote = (word) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** @param {readonly string[]} command */
export const showCommand = (command) => command.map(quote).join(' ');

/** @param {string} text */
export const say = (text) => process.stdout.write(`${text}\n`);

/**
 * Runs a command in this terminal and answers its exit code; a signal counts as 1.
 * @param {readonly string[]} command
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, options = {}) {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    const forward = (signal) => {
      // A terminal sends Ctrl-C to both; twice would mean something else to the command.
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
    };
    const finish = (code) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(code);
    };
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.once('error', (error) => {
      say(`${program}: ${error.message}`);
      finish(127);
    });
    child.once('exit', (code) => finish(code ?? 1));
  });
}

/**
 * Output of a command, or undefined when it fails.
 * @param {readonly string[]} command
 * @returns {string | undefined}
 */
export function output(command) {
  const [program = '', ...args] = command;
  const done = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return done.status === 0 ? done.stdout : undefined;
}

/**
 * Whether to go on: asks only where somebody can answer and has not agreed beforehand.
 * @param {string} question
 * @param {{ yes: boolean, root: boolean, interactive: boolean }} situation
 * @returns {Promise<boolean>}
 */
export async function confirm(question, { yes, root, interactive }) {
  if (yes || root || !interactive) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^(y|yes|)$/i.test((await terminal.question(`${question} [Y/n] `)).trim());
  } finally {
    terminal.close();
  }
}
