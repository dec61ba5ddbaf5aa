import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file that is appended to until it is full, then kept as `.1` while the older ones move on. Several
 * processes may append to it: a write is one call with O_APPEND, and who finds the file renamed follows.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #bytesMax: number;
  readonly #filesMax: number;
  #handle: number | undefined;

  constructor(path: string, limits: { bytes: number; files: number }) {
    this.#path = path;
    this.#bytesMax = limits.bytes;
    this.#filesMax = limits.files;
  }

  /** Throws what the file system says. */
  append(text: string): void {
    const bytes = Buffer.from(text);
    this.#handle ??= this.#open();
    const { size, ino } = fstatSync(this.#handle);
    if (size > 0 && size + bytes.length > this.#bytesMax) {
      this.close();
      if (inodeOf(this.#path) === ino) this.#rotate();
      this.#handle = this.#open();
    }
    writeSync(this.#handle, bytes);
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    return openSync(this.#path, 'a', 0o600);
  }

  #rotate(): void {
    for (let number = this.#filesMax - 1; number >= 1; number -= 1) {
      const from = number === 1 ? this.#path : `${this.#path}.${number - 1}`;
      renameIfThere(from, `${this.#path}.${number}`);
    }
  }
}

/** Another process may be rotating at the same moment. */
function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function inodeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}
