import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const SIZE_MAX = 16_384;

/** One line of sshd(8), AUTHORIZED_KEYS: type, base64 and perhaps a comment. */
const KEY_LINE = /^(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}(?: .*)?$/;

/** The public keys `*.pub` of a folder, by file name. What is not a key, or cannot be read, is left out. */
export async function readSshPublicKeys(folder: string): Promise<{ name: string; key: string }[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith('.pub')).sort();
  const keys = await Promise.all(files.map((name) => readKey(join(folder, name))));
  return files.flatMap((name, index) => {
    const key = keys[index];
    return key ? [{ name, key }] : [];
  });
}

async function readKey(path: string): Promise<string | null> {
  try {
    const facts = await stat(path);
    if (!facts.isFile() || facts.size > SIZE_MAX) return null;
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
    return lines.find((line) => KEY_LINE.test(line)) ?? null;
  } catch {
    return null;
  }
}
