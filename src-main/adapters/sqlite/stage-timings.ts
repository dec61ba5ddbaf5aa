import { z } from 'zod';
import type { Creation } from '../../../src-contract/model/creation.ts';
import type { RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

/** Completed creations of one template that the estimate looks at. */
const CREATIONS_KEPT = 20;

const timingRow = z.object({ stage: z.string(), seconds: z.number().nonnegative() });

export class StageTimings {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  /** Within the transaction that saves a completed creation; again for the same one, it replaces. */
  record({ id, templateId, stages, endedAt, createdAt }: Creation): void {
    for (const { stage, state, startedAt, endedAt: stageEnd } of stages) {
      if (state !== 'done' || startedAt === null || stageEnd === null) continue;
      this.#sql.run(
        `INSERT OR REPLACE INTO stage_timings (template_id, creation_id, ended_at, stage, seconds)
         VALUES (?, ?, ?, ?, ?)`,
        templateId,
        id,
        endedAt ?? createdAt,
        stage,
        Math.max(0, stageEnd - startedAt) / 1000,
      );
    }
    this.#sql.run(
      `DELETE FROM stage_timings WHERE template_id = ? AND creation_id NOT IN (
         SELECT creation_id FROM stage_timings WHERE template_id = ?
         GROUP BY creation_id ORDER BY max(ended_at) DESC, creation_id LIMIT ${CREATIONS_KEPT})`,
      templateId,
      templateId,
    );
  }

  /** The medians of the stages, added up: one stage that once took an hour does not spoil the sum. */
  typicalSeconds(templateId: string): number | null {
    const rows = this.#sql.all(
      'SELECT creation_id AS id, stage, seconds FROM stage_timings WHERE template_id = ?',
      templateId,
    );
    const timings = this.#rows.list('stage_timings', timingRow, rows);
    if (timings.length === 0) return null;
    const byStage = Map.groupBy(timings, ({ stage }) => stage);
    const medians = [...byStage.values()].map((of) => median(of.map(({ seconds }) => seconds)));
    return medians.reduce((sum, seconds) => sum + seconds, 0);
  }
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0;
  return (low + high) / 2;
}
