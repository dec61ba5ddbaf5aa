import type Database from 'better-sqlite3';
import { type StoreLocation, toStoreError } from './store-error.ts';

export type SqlValue = string | number | null | Uint8Array;

/** The connection as the repositories use it: cached statements, typed failures, rows of unknown shape. */
export class SqlConnection {
  readonly #database: Database.Database;
  readonly #location: StoreLocation;
  readonly #statements = new Map<string, Database.Statement<SqlValue[], unknown>>();

  constructor(database: Database.Database, location: StoreLocation) {
    this.#database = database;
    this.#location = location;
  }

  get location(): StoreLocation {
    return this.#location;
  }

  /** @returns the number of rows changed, and the row id of an insert. */
  run(sql: string, ...values: SqlValue[]): { changes: number; rowId: number } {
    return this.#guarded(() => {
      const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
      return { changes, rowId: Number(lastInsertRowid) };
    });
  }

  get(sql: string, ...values: SqlValue[]): unknown {
    return this.#guarded(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: SqlValue[]): unknown[] {
    return this.#guarded(() => this.#statement(sql).all(...values));
  }

  /** Runs `body` in a transaction that holds the write lock from its start; a throw rolls it back. */
  immediate<T>(body: () => T): T {
    return this.#guarded(() => this.#database.transaction(body).immediate());
  }

  /**
   * Commits of `body` are on disk when this returns. With synchronous=FULL a commit in WAL mode ends with
   * an fsync of the WAL. The WAL is one sequential file, so everything committed before, at NORMAL, is on
   * disk with it: after a power cut the database is a prefix of its history that includes this commit.
   * A checkpoint would not add to that, and costs more. Not inside a transaction (SQLite refuses).
   */
  durably<T>(body: () => T): T {
    return this.#guarded(() => {
      this.#database.pragma('synchronous = FULL');
      try {
        return body();
      } finally {
        this.#database.pragma('synchronous = NORMAL');
      }
    });
  }

  /** Changes whenever another connection has committed, never by our own commits. */
  foreignVersion(): number {
    return this.#guarded(() => Number(this.#database.pragma('data_version', { simple: true })));
  }

  #statement(sql: string): Database.Statement<SqlValue[], unknown> {
    const known = this.#statements.get(sql);
    if (known) return known;
    const fresh = this.#database.prepare<SqlValue[], unknown>(sql);
    this.#statements.set(sql, fresh);
    return fresh;
  }

  #guarded<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw toStoreError(error, this.#location);
    }
  }
}
