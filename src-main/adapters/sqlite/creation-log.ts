import { z } from 'zod';
import { type LogLine, logLineSchema } from '../../../src-contract/model/creation.ts';
import type { RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

/** Newest lines that are kept of one creation; a guest can write without end. */
const LOG_LINES_KEPT = 5000;
/** UTF-16 units of one line; the rest is cut off. */
const LOG_TEXT_MAX = 8192;

const lineRow = logLineSchema.extend({ seq: z.number().int().positive() });
const lastRow = z.object({ last: z.number().int().nonnegative() });

export class CreationLog {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  append(id: string, lines: LogLine[]): void {
    if (lines.length === 0) return;
    this.#sql.immediate(() => {
      const row = this.#sql.get(
        'SELECT coalesce(max(seq), 0) AS last FROM creation_log WHERE creation_id = ?',
        id,
      );
      const { last } = this.#rows.one('creation_log', lastRow, row);
      lines.forEach((line, index) => {
        this.#insert(id, last + 1 + index, line);
      });
      this.#sql.run(
        'DELETE FROM creation_log WHERE creation_id = ? AND seq <= ?',
        id,
        last + lines.length - LOG_LINES_KEPT,
      );
    });
  }

  /** Oldest first. Where lines were dropped, a warning in their place says how many. */
  read(id: string): LogLine[] {
    const rows = this.#sql.all(
      `SELECT creation_id AS id, seq, at, stage, level, text FROM creation_log
       WHERE creation_id = ? ORDER BY seq`,
      id,
    );
    const lines = this.#rows.list('creation_log', lineRow, rows);
    const first = lines[0];
    const shown = lines.map(({ seq: _, ...line }) => line);
    if (!first || first.seq === 1) return shown;
    const text = `${first.seq - 1} earlier lines were dropped`;
    return [{ at: first.at, stage: first.stage, level: 'warn', text }, ...shown];
  }

  #insert(id: string, seq: number, line: LogLine): void {
    this.#sql.run(
      `INSERT INTO creation_log (creation_id, seq, at, stage, level, text)
       VALUES (?, ?, ?, ?, ?, ?)`,
      id,
      seq,
      line.at,
      line.stage,
      line.level,
      line.text.length > LOG_TEXT_MAX ? `${line.text.slice(0, LOG_TEXT_MAX)}…` : line.text,
    );
  }
}
