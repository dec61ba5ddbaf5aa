import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { BerthError } from '../../core/errors.ts';

const KEY_BYTES = 32;
const OTHERS = 0o077;

/** The key of a file that only this user can read; makes one when there is none. */
export function loadOrCreateKey(path: string): Uint8Array {
  try {
    return load(path) ?? create(path);
  } catch (error) {
    if (error instanceof BerthError) throw error;
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
}

function load(path: string): Uint8Array | null {
  const handle = openExisting(path);
  if (handle === null) return null;
  try {
    const { mode, uid } = fstatSync(handle);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw unusable(path, 'it is not a file');
    if (uid !== process.getuid?.()) throw unusable(path, 'it belongs to another user');
    if ((mode & OTHERS) !== 0) throw exposed(path);
    const key = readFileSync(handle);
    if (key.length !== KEY_BYTES) throw unusable(path, `it has ${key.length} bytes, not 32`);
    return key;
  } finally {
    closeSync(handle);
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
function create(path: string): Uint8Array {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}.new`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeFileSync(handle, randomBytes(KEY_BYTES));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    linkUnlessThere(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const key = load(path);
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

function exposed(path: string): BerthError {
  return new BerthError('secret_key_exposed', 'Other users can read the key of Berth’s secrets', {
    hint: `Secrets sealed so far may be known. Remove ${path} to start with a new key, or run chmod 600 on it.`,
  });
}

function unusable(path: string, detail: string): BerthError {
  return new BerthError('secret_key_unusable', `The key file ${path} cannot be used: ${detail}`, {
    hint: 'Move it away to start with a new key; kept passwords have to be typed again.',
  });
}
