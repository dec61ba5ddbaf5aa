import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ConnectionURI } from './uri.ts';

/** Which environment and user a choice is made for: tests pass their own. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly euid: number;
  readonly exists: (file: string) => boolean;
}

export function currentSurroundings(): Surroundings {
  return { env: process.env, euid: process.geteuid?.() ?? 0, exists: existsSync };
}

const SYSTEM_DIRECTORY = '/var/run/libvirt';
const LEGACY_DAEMON = 'libvirtd';
/** Drivers that have a daemon of their own besides libvirtd. */
const MODULAR_DAEMONS: Readonly<Record<string, string>> = {
  qemu: 'virtqemud',
  lxc: 'virtlxcd',
  xen: 'virtxend',
  vbox: 'virtvboxd',
  bhyve: 'virtbhyved',
  ch: 'virtchd',
};

export interface DaemonAddress {
  readonly socketPath: string;
  /** `libvirtd`, `virtqemud`, ... */
  readonly daemon: string;
  /** Whether it is the user's own daemon, which a client starts on demand. */
  readonly session: boolean;
}

function text(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** Where a session daemon keeps its sockets. */
export function sessionDirectory({ env }: Pick<Surroundings, 'env'>): string {
  const runtime = text(env['XDG_RUNTIME_DIR']);
  if (runtime !== undefined) return path.join(runtime, 'libvirt');
  const home = text(env['HOME']) ?? os.homedir();
  return path.join(text(env['XDG_CACHE_HOME']) ?? path.join(home, '.cache'), 'libvirt');
}

/** Root has no session daemon, as in libvirt's own library. */
function isSession(uri: ConnectionURI, euid: number): boolean {
  return euid !== 0 && (uri.path === '/session' || uri.driver === 'test');
}

/** The socket that libvirt's own client library would choose for a local URI. */
export function findDaemon(
  uri: ConnectionURI,
  { readonly = false, ...around }: Surroundings & { readonly readonly?: boolean },
): DaemonAddress {
  const session = isSession(uri, around.euid);
  const directory = session ? sessionDirectory(around) : SYSTEM_DIRECTORY;
  const suffix = readonly && !session ? '-sock-ro' : '-sock';
  const address = (daemon: string): DaemonAddress => {
    const stem = daemon === LEGACY_DAEMON ? 'libvirt' : daemon;
    return { socketPath: path.join(directory, `${stem}${suffix}`), daemon, session };
  };
  const legacy = address(LEGACY_DAEMON);
  const modular = MODULAR_DAEMONS[uri.driver];
  if (modular === undefined || uri.mode === 'legacy') return legacy;
  const direct = address(modular);
  if (uri.mode === 'direct' || around.exists(direct.socketPath)) return direct;
  if (around.exists(legacy.socketPath)) return legacy;
  const installed = session && findExecutable(modular, around) !== null;
  return installed ? direct : legacy;
}

/** Where the system daemons of another computer may listen, the likeliest first. */
export function candidateSockets(
  { driver, mode }: Pick<ConnectionURI, 'driver' | 'mode'>,
  readonly: boolean,
): string[] {
  const modular = MODULAR_DAEMONS[driver];
  const stems = [
    ...(modular === undefined || mode === 'legacy' ? [] : [modular]),
    ...(modular !== undefined && mode === 'direct' ? [] : ['libvirt']),
  ];
  return stems.map((stem) => path.join(SYSTEM_DIRECTORY, `${stem}-sock${readonly ? '-ro' : ''}`));
}

/** The executable of a daemon: `VIRTQEMUD_PATH`-like variables first, then the usual places. */
export function findExecutable(
  daemon: string,
  { env, exists }: Pick<Surroundings, 'env' | 'exists'>,
): string | null {
  const configured = text(env[`${daemon.toUpperCase()}_PATH`]) ?? text(env['VIRTD_PATH']);
  if (configured !== undefined && path.basename(configured) === daemon) return configured;
  const places = ['/usr/sbin', '/usr/local/sbin', ...(env['PATH'] ?? '').split(':')];
  return places.map((place) => path.join(place, daemon)).find(exists) ?? null;
}
