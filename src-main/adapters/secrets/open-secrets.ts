import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { BerthError } from '../../core/errors.ts';
import { PRIVATE_STATE, type StateModes } from '../../core/ports/state-modes.ts';
import type { Secrets } from '../../core/ports/system.ts';
import { loadOrCreateKey } from './key-file.ts';

/** First byte of a sealed secret, and what the tag authenticates besides the text. */
const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/**
 * Secrets at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for each, under a key in a file.
 * A sealed secret is format byte, nonce, tag, ciphertext.
 *
 * It protects a copy of the database that leaves without the key: a backup, a bug report, a synchronised or
 * stolen database file; and it notices changes to a sealed secret. It does not protect against whoever can
 * read this user's files (root, any program of this user, a copy of the whole home folder; in a shared home
 * every member of its group), nor against swapping one sealed secret for another of the same key.
 *
 * @throws BerthError `secret_key_exposed` when others can read the key file, `secret_key_unusable`.
 */
export function openSecrets(options: { keyPath: string; modes?: StateModes }): Secrets {
  const key = loadOrCreateKey(options.keyPath, options.modes ?? PRIVATE_STATE);
  return {
    seal: (clear) => seal(key, clear),
    open: (sealed) => open(key, sealed),
  };
}

function seal(key: Uint8Array, clear: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Uint8Array.of(FORMAT));
  const text = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return Buffer.concat([Uint8Array.of(FORMAT), nonce, cipher.getAuthTag(), text]);
}

function open(key: Uint8Array, sealed: Uint8Array): string {
  if (sealed.length < HEADER_BYTES || sealed[0] !== FORMAT) throw unreadable();
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Uint8Array.of(FORMAT));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  try {
    const clear = [decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()];
    return Buffer.concat(clear).toString('utf8');
  } catch {
    throw unreadable();
  }
}

function unreadable(): BerthError {
  return new BerthError('secret_unreadable', 'A kept secret cannot be read any more', {
    hint: 'It was sealed with another key, or it was changed. Type the password again.',
  });
}
