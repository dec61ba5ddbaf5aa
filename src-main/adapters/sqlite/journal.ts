import { z } from 'zod';
import { filterOwnerSchema } from '../../../src-contract/model/filter.ts';
import { type Stage, stageSchema } from '../../../src-contract/model/stage.ts';
import type { Effect, Journal, JournalEntry } from '../../core/ports/repositories.ts';
import { volumeRoleSchema } from './machine-repository.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const effectSchema: z.ZodType<Effect> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pool'), name: z.string(), path: z.string() }),
  z.object({
    kind: z.literal('volume'),
    pool: z.string(),
    name: z.string(),
    role: volumeRoleSchema,
  }),
  z.object({
    kind: z.literal('domain'),
    uuid: z.string(),
    name: z.string(),
    machineId: z.string(),
  }),
  z.object({
    kind: z.literal('nwfilter'),
    name: z.string(),
    uuid: z.string(),
    owner: filterOwnerSchema,
  }),
]);

const entryRow = z.object({
  id: z.number().int(),
  creationId: z.string(),
  stage: stageSchema,
  effect: jsonColumn(effectSchema),
  state: z.enum(['intended', 'done', 'undone', 'leftover']),
});

export class SqliteJournal implements Journal {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  intend(creationId: string, stage: Stage, effect: Effect): number {
    return this.#sql.durably(() => {
      const { rowId } = this.#sql.run(
        `INSERT INTO journal (creation_id, stage, effect, state) VALUES (?, ?, ?, 'intended')`,
        creationId,
        stage,
        JSON.stringify(effect),
      );
      return rowId;
    });
  }

  /** Not durable by itself: a mark that is lost leaves `intended`, and undoing what is gone succeeds. */
  mark(id: number, state: 'done' | 'undone' | 'leftover'): void {
    this.#sql.run('UPDATE journal SET state = ? WHERE id = ?', state, id);
  }

  entries(creationId: string): JournalEntry[] {
    const rows = this.#sql.all(
      `SELECT id, creation_id AS creationId, stage, effect, state FROM journal
       WHERE creation_id = ? ORDER BY id`,
      creationId,
    );
    // An effect that is left out here would never be undone.
    return this.#rows.all('journal', entryRow, rows);
  }

  remaining(): JournalEntry[] {
    const rows = this.#sql.all(
      `SELECT id, creation_id AS creationId, stage, effect, state FROM journal
       WHERE state <> 'undone' ORDER BY id`,
    );
    return this.#rows.all('journal', entryRow, rows);
  }
}
