import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from '../host-error.ts';
import { app } from './app.ts';

const algorithm = 'aes-256-gcm';
/** Format: this mark, the nonce, the tag, the text. */
const mark = Buffer.from('ah1');
const nonceLength = 12;
const tagLength = 16;
const keyLength = 32;

let key: { path: string; bytes: Buffer } | undefined;

/**
 * Electron's `safeStorage`, as Electron has it where no keyring runs ('basic_text'): the key is a file that only
 * the user can read, so this guards against a stolen database, not against the user's own programs.
 */
export const safeStorage = {
  isEncryptionAvailable(): boolean {
    return true;
  },

  getSelectedStorageBackend(): 'basic_text' {
    return 'basic_text';
  },

  setUsePlainTextEncryption(_use: boolean): void {},

  /** @throws HostError `key_file_invalid` */
  encryptString(text: string): Buffer {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, readKey(), nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([mark, nonce, cipher.getAuthTag(), body]);
  },

  /** @throws HostError `key_file_invalid`, and Error for what has not been encrypted with this key */
  decryptString(encrypted: Buffer): string {
    const bodyAt = mark.length + nonceLength + tagLength;
    if (encrypted.length < bodyAt || !encrypted.subarray(0, mark.length).equals(mark)) {
      throw new Error(
        'Error while decrypting the ciphertext provided to safeStorage.decryptString.',
      );
    }
    const nonce = encrypted.subarray(mark.length, mark.length + nonceLength);
    const decipher = createDecipheriv(algorithm, readKey(), nonce, { authTagLength: tagLength });
    decipher.setAuthTag(encrypted.subarray(mark.length + nonceLength, bodyAt));
    return decipher.update(encrypted.subarray(bodyAt), undefined, 'utf8') + decipher.final('utf8');
  },
};

function readKey(): Buffer {
  const folder = app.getPath('userData');
  const path = join(folder, 'safe-storage.key');
  if (key?.path === path) return key.bytes;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    // Fails when there is one: two processes that start at once must end up with the same key.
    writeFileSync(path, randomBytes(keyLength), { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
  const bytes = readFileSync(path);
  if (bytes.length !== keyLength) {
    throw new HostError('key_file_invalid', `${path} is not a key of ${keyLength} bytes`);
  }
  key = { path, bytes };
  return bytes;
}
