import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { BerthError } from '../../core/errors.ts';
import { SHARED_STATE, type StateModes } from '../../core/ports/state-modes.ts';

const KEY_BYTES = 32;
const ALL = 0o777;

/** The key of a file that only this user, or this user's group, can read; makes one when there is none. */
export function loadOrCreateKey(path: string, modes: StateModes): Uint8Array {
  try {
    return load(path, modes) ?? create(path, modes);
  } catch (error) {
    if (error instanceof BerthError) throw error;
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
}

function load(path: string, modes: StateModes): Uint8Array | null {
  const handle = openExisting(path);
  if (handle === null) return null;
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw unusable(path, 'it is not a file');
    checkOwner(path, stats, modes);
    if ((stats.mode & ALL & ~modes.file) !== 0) throw exposed(path, modes);
    const key = readFileSync(handle);
    if (key.length !== KEY_BYTES) throw unusable(path, `it has ${key.length} bytes, not 32`);
    return key;
  } finally {
    closeSync(handle);
  }
}

/** Whoever is not in the group of the folder can neither read nor replace a key that belongs to it. */
function checkOwner(path: string, { uid, gid }: Stats, modes: StateModes): void {
  if (modes === SHARED_STATE) {
    if (gid !== statSync(dirname(path)).gid) throw unusable(path, 'it belongs to another group');
  } else if (uid !== process.getuid?.()) {
    throw unusable(path, 'it belongs to another user');
  }
}

/** Neither follows a link that somebody put there, nor waits for the writer of a pipe. */
function openExisting(path: string): number | null {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes a complete key under another name and links it to its place. Linking fails when a key is there
 * already, so of processes that do this at once one wins, and all go on with the key of the winner.
 */
function create(path: string, modes: StateModes): Uint8Array {
  mkdirSync(dirname(path), { recursive: true, mode: modes.folder });
  const draft = `${path}.${randomUUID()}.new`;
  try {
    const handle = openSync(draft, 'wx', modes.file);
    try {
      writeFileSync(handle, randomBytes(KEY_BYTES));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // The process may have an unusual umask.
    chmodSync(draft, modes.file);
    linkUnlessThere(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const key = load(path, modes);
  if (!key) throw unusable(path, 'it was removed again at once');
  return key;
}

function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function exposed(path: string, modes: StateModes): BerthError {
  return new BerthError('secret_key_exposed', 'Other users can read the key of Berth’s secrets', {
    hint: `Secrets sealed so far may be known. Remove ${path} to start with a new key, or run chmod ${modes.file.toString(8)} on it.`,
  });
}

function unusable(path: string, detail: string): BerthError {
  return new BerthError('secret_key_unusable', `The key file ${path} cannot be used: ${detail}`, {
    hint: 'Move it away to start with a new key; kept passwords have to be typed again.',
  });
}
