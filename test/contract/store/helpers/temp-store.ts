import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Migration } from '../../../../src-main/adapters/sqlite/migrations/migration.ts';
import { openStore } from '../../../../src-main/adapters/sqlite/open-store.ts';
import type { Store } from '../../../../src-main/core/ports/repositories.ts';
import type { Log } from '../../../../src-main/core/ports/system.ts';

export interface LogEntry {
  level: keyof Log;
  message: string;
  fields: Record<string, unknown>;
}

export function memoryLog(): Log & { entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const write =
    (level: keyof Log) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      entries.push({ level, message, fields });
    };
  return { entries, info: write('info'), warn: write('warn'), error: write('error') };
}

/** A folder of its own for one test, with the paths of a database in it. */
export class TempStore implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-store-'));
  readonly path = join(this.folder, 'state', 'berth.db');
  readonly backupDir = join(this.folder, 'backups');
  readonly log = memoryLog();
  time = Date.UTC(2026, 10, 24, 7, 0, 0);
  readonly #open = new Set<Store>();

  open(change: { migrations?: readonly Migration[] } = {}): Store {
    const store = openStore({
      path: this.path,
      backupDir: this.backupDir,
      log: this.log,
      now: () => this.time,
      ...change,
    });
    this.#open.add(store);
    return store;
  }

  close(store: Store): void {
    this.#open.delete(store);
    store.close();
  }

  [Symbol.dispose](): void {
    for (const store of this.#open) store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What `body` threw; fails when it did not. */
export function thrownBy(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
