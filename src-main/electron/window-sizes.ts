import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface WindowSize {
  width: number;
  height: number;
}

const MIN_SIDE = 200;
const MAX_SIDE = 16_384;

/** Remembers how large windows were, by kind. A file that cannot be read or written costs only the memory. */
export class WindowSizes {
  readonly #path: string;
  readonly #sizes: Record<string, WindowSize>;

  constructor(path: string) {
    this.#path = path;
    this.#sizes = read(path);
  }

  get(kind: string, fallback: WindowSize): WindowSize {
    return this.#sizes[kind] ?? fallback;
  }

  set(kind: string, { width, height }: WindowSize): void {
    this.#sizes[kind] = { width, height };
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(this.#path, JSON.stringify(this.#sizes));
    } catch {
      // The next start uses the default size.
    }
  }
}

function read(path: string): Record<string, WindowSize> {
  try {
    const data: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof data !== 'object' || data === null) return {};
    return Object.fromEntries(Object.entries(data).filter(([, value]) => isSize(value)));
  } catch {
    return {};
  }
}

function isSize(value: unknown): value is WindowSize {
  if (typeof value !== 'object' || value === null) return false;
  const { width, height } = { width: 0, height: 0, ...value };
  return [width, height].every(
    (side) => Number.isInteger(side) && side >= MIN_SIDE && side <= MAX_SIDE,
  );
}
