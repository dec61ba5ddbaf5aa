import { z } from 'zod';
import type { SettingsRepository } from '../../core/ports/repositories.ts';
import type { RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const settingRow = z.object({ value: z.string() });

export class SqliteSettings implements SettingsRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  get(key: string): string | null {
    const row = this.#sql.get('SELECT key AS id, value FROM settings WHERE key = ?', key);
    return this.#rows.maybe('settings', settingRow, row)?.value ?? null;
  }

  set(key: string, value: string): void {
    this.#sql.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, value);
  }
}
