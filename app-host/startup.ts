import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HostError } from './host-error.ts';

/** The version of Electron whose interface the host follows; `electron.d.ts` of it checks the host. */
export const electronVersion = '45.4.1';

/** The fields of the app's package.json that Electron reads. */
export interface Manifest {
  name: string;
  productName: string;
  version: string;
  main: string;
}

export interface Startup {
  /** The folder with package.json, or of a script that was named instead. */
  root: string;
  /** The main script's path. */
  entry: string;
  manifest: Manifest;
  /** `--name=value` and `--name`, before and after the app's path. */
  switches: Map<string, string>;
  /** `process.argv` as the app shall see it: the program, the app's path, the app's own arguments. */
  argv: string[];
}

/**
 * Reads a command line: `[switches] <app folder or script> [arguments]`.
 * @throws HostError `app_not_found`
 */
export function readStartup(program: string, args: readonly string[]): Startup {
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  const target = resolve(args[at] ?? '.');
  const { root, entry, manifest } = readApp(target);
  return {
    root,
    entry,
    manifest,
    switches: readSwitches(args),
    argv: [program, ...args.slice(Math.max(at, 0))],
  };
}

export function readSwitches(args: readonly string[]): Map<string, string> {
  const switches = new Map<string, string>();
  for (const arg of args) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name) switches.set(name, value ?? '');
  }
  return switches;
}

/** Electron's default folder for an app's data, unless `--user-data-dir` names another. */
export function defaultUserData(startup: Startup, env: NodeJS.ProcessEnv = process.env): string {
  const given = startup.switches.get('user-data-dir');
  if (given) return resolve(given);
  const config = env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  return join(config, startup.manifest.productName);
}

/**
 * Where apps put `userData` that call `app.setPath` themselves; the first line whose variables are set counts.
 */
const ownFolders: Record<string, readonly string[]> = {
  berth: [
    '$BERTH_HOME/profile',
    '$XDG_STATE_HOME/berth/profile',
    '$HOME/.local/state/berth/profile',
  ],
};

/**
 * The folder that the app is going to use: Chromium starts before the app can say so. A wrong guess costs a second
 * start of Chromium, nothing else.
 */
export function guessUserData(startup: Startup, env: NodeJS.ProcessEnv = process.env): string {
  for (const template of ownFolders[startup.manifest.name] ?? []) {
    const [, variable = '', rest = ''] = /^\$(\w+)(.*)$/.exec(template) ?? [];
    const value = env[variable];
    if (value && !isShared(value)) return resolve(value) + rest;
  }
  return defaultUserData(startup, env);
}

/** A folder that hands its group on has several users, who keep their profiles elsewhere. */
function isShared(folder: string): boolean {
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o2000) !== 0;
}

function readApp(target: string): Pick<Startup, 'root' | 'entry' | 'manifest'> {
  const stats = statSync(target, { throwIfNoEntry: false });
  if (!stats) throw new HostError('app_not_found', `Unable to find Electron app at ${target}`);
  if (!stats.isDirectory()) {
    const root = resolve(target, '..');
    return { root, entry: target, manifest: { ...parseManifest({}), main: target } };
  }
  const file = join(target, 'package.json');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new HostError('app_not_found', `Unable to read ${file}`, { cause });
  }
  const manifest = parseManifest(content);
  const entry = resolve(target, manifest.main);
  if (!statSync(entry, { throwIfNoEntry: false })?.isFile()) {
    throw new HostError('app_not_found', `${entry} does not exist: has the app been built?`);
  }
  return { root: target, entry, manifest };
}

function parseManifest(content: unknown): Manifest {
  const fields = typeof content === 'object' && content !== null ? Object.entries(content) : [];
  const text = (key: string, otherwise: string): string => {
    const value: unknown = fields.find(([name]) => name === key)?.[1];
    return typeof value === 'string' && value ? value : otherwise;
  };
  const name = text('name', 'Electron');
  return {
    name,
    productName: text('productName', name),
    version: text('version', electronVersion),
    main: text('main', 'index.js'),
  };
}
