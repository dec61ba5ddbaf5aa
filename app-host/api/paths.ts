import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { defaultUserData, type Startup } from '../startup.ts';

/** Names of Electron's `app.getPath` and the XDG user folder behind each, where there is one. */
const userFolders: Record<string, [xdgName: string, folder: string]> = {
  desktop: ['DESKTOP', 'Desktop'],
  documents: ['DOCUMENTS', 'Documents'],
  downloads: ['DOWNLOAD', 'Downloads'],
  music: ['MUSIC', 'Music'],
  pictures: ['PICTURES', 'Pictures'],
  videos: ['VIDEOS', 'Videos'],
};

/** Electron's table of well-known folders. */
export class Paths {
  readonly #startup: Startup;
  readonly #set = new Map<string, string>();

  constructor(startup: Startup) {
    this.#startup = startup;
  }

  /** @throws Error for a name that Electron does not know */
  get(name: string): string {
    return this.#set.get(name) ?? this.#standard(name);
  }

  /** @throws Error for an unknown name or a relative path */
  set(name: string, path: string): void {
    this.#standard(name);
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    this.#set.set(name, path);
  }

  #standard(name: string): string {
    const folder = userFolders[name];
    if (folder) return userFolder(...folder);
    switch (name) {
      case 'home':
        return homedir();
      case 'appData':
        return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
      case 'userData':
        return defaultUserData(this.#startup);
      case 'sessionData':
        return this.get('userData');
      case 'temp':
        return tmpdir();
      case 'logs':
      case 'crashDumps':
        return join(this.get('userData'), name === 'logs' ? 'logs' : 'Crashpad');
      case 'exe':
      case 'module':
        return this.#startup.argv[0] ?? process.execPath;
      case 'assets':
        return this.#startup.root;
      default:
        throw new Error(`Failed to get '${name}' path`);
    }
  }
}

/** `user-dirs.dirs` is a shell file of lines such as `XDG_MUSIC_DIR="$HOME/Music"`. */
function userFolder(xdgName: string, folder: string): string {
  const config = process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
  try {
    const text = readFileSync(join(config, 'user-dirs.dirs'), 'utf8');
    const found = new RegExp(`^XDG_${xdgName}_DIR="(.*)"$`, 'm').exec(text)?.[1];
    if (found) return found.replace('$HOME', homedir());
  } catch {
    // Without the file the defaults hold.
  }
  return join(homedir(), folder);
}
