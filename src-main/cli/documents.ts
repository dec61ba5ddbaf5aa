import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { BerthError } from '../core/errors.ts';

/** A JSON document; `-` is standard input. Rejects with `file_unreadable`, `import_invalid`. */
export async function readDocument(path: string): Promise<unknown> {
  const content = await read(path);
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new BerthError('import_invalid', `${path} is not JSON.`, { cause: error });
  }
}

/** Rejects with `file_unwritable`. */
export async function writeDocument(path: string, document: object): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    throw new BerthError('file_unwritable', `${path} cannot be written.`, { cause: error });
  }
}

async function read(path: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new BerthError('file_unreadable', `${path} cannot be read.`, { cause: error });
  }
}
