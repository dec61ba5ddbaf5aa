import Database from 'better-sqlite3';
import { SqlConnection } from '../../src-main/adapters/sqlite/sql-connection.ts';
import { toStoreError } from '../../src-main/adapters/sqlite/store-error.ts';

/** The disk that the database is on: SQLite says that it is full while there is no room. */
export class FullDisk {
  #refusals = 0;

  /** Stands between this process and all its databases. */
  static install(): FullDisk {
    const disk = new FullDisk();
    const { run } = SqlConnection.prototype;
    SqlConnection.prototype.run = function refusable(sql, ...values) {
      if (disk.#refuses()) {
        const error = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
        throw toStoreError(error, this.location);
      }
      return run.call(this, sql, ...values);
    };
    return disk;
  }

  /** So many writes fail from now on. */
  fill(refusals: number): void {
    this.#refusals = refusals;
  }

  #refuses(): boolean {
    if (this.#refusals === 0) return false;
    this.#refusals -= 1;
    return true;
  }
}
