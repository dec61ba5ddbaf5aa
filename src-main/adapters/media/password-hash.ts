/**
 * SHA-512 crypt, the `$6$` scheme of crypt(3).
 * Source: Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6; the numbered steps below are that text's.
 */
import { createHash, randomBytes } from 'node:crypto';
import { MediaError } from './media-error.ts';

export type HashPasswordOptions = {
  /** 1 to 16 characters from `./A-Za-z0-9`; default: 16 random ones. */
  readonly salt?: string;
  /** Default 5000, as crypt(3); clamped to 1000 … 999 999 999. */
  readonly rounds?: number;
};

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGEST_BYTES = 64;
const DEFAULT_ROUNDS = 5000;

const sha512 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The first `length` bytes of `block` repeated without end. */
const repeatTo = (block: Buffer, length: number): Buffer => Buffer.alloc(length, block);

function randomSalt(): string {
  return Array.from(randomBytes(16), (byte) => ALPHABET.charAt(byte % 64)).join('');
}

/** Steps 1 to 12: the digest that the rounds start from. */
function firstDigest(key: Buffer, salt: Buffer): Buffer {
  const alternate = sha512(key, salt, key);
  const parts = [key, salt, repeatTo(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>>= 1) parts.push(bits & 1 ? alternate : key);
  return sha512(...parts);
}

/** Step 21. */
function stretch(start: Buffer, key: Buffer, salt: Buffer, rounds: number): Buffer {
  let digest = start;
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1;
    const parts = [odd ? key : digest];
    if (round % 3 !== 0) parts.push(salt);
    if (round % 7 !== 0) parts.push(key);
    parts.push(odd ? digest : key);
    digest = sha512(...parts);
  }
  return digest;
}

/** Step 22: crypt's own base 64 over byte triples (i, i+21, i+42), each rotated by one more than the last. */
function encode(digest: Buffer): string {
  const characters = (value: number, count: number): string =>
    Array.from({ length: count }, (_, i) => ALPHABET.charAt((value >>> (6 * i)) & 63)).join('');
  let text = '';
  for (let i = 0; i < 21; i++) {
    const triple = [i, i + 21, i + 42];
    const [high, middle, low] = [0, 1, 2].map((k) => digest.readUInt8(triple[(k + i) % 3] ?? 0));
    text += characters(((high ?? 0) << 16) | ((middle ?? 0) << 8) | (low ?? 0), 4);
  }
  return text + characters(digest.readUInt8(DIGEST_BYTES - 1), 2);
}

/** SHA-512 crypt (`$6$…`), as every Linux's crypt(3) reads it. Throws `password_invalid` for an empty password, one with a NUL, or a bad salt. */
export function hashPassword(password: string, options: HashPasswordOptions = {}): string {
  if (password === '' || password.includes('\0')) {
    throw new MediaError(
      'password_invalid',
      'A password may not be empty or hold a NUL character.',
    );
  }
  const saltText = options.salt ?? randomSalt();
  if (!/^[./A-Za-z0-9]{1,16}$/.test(saltText)) {
    throw new MediaError('password_invalid', 'A salt has 1 to 16 characters from ./A-Za-z0-9.');
  }
  const rounds = Math.min(
    Math.max(Math.trunc(options.rounds ?? DEFAULT_ROUNDS), 1000),
    999_999_999,
  );
  const key = Buffer.from(password, 'utf8');
  const salt = Buffer.from(saltText, 'latin1');
  const start = firstDigest(key, salt);
  // Steps 13 to 20: the sequences P and S.
  const keySequence = repeatTo(sha512(...Array<Buffer>(key.length).fill(key)), key.length);
  const saltRepeats = 16 + start.readUInt8(0);
  const saltSequence = repeatTo(sha512(...Array<Buffer>(saltRepeats).fill(salt)), salt.length);
  const digest = stretch(start, keySequence, saltSequence, rounds);
  const roundsField = options.rounds === undefined ? '' : `rounds=${rounds}$`;
  return `$6$${roundsField}${saltText}$${encode(digest)}`;
}
