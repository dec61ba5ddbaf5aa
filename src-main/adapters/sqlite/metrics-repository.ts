import { type CreationMetric, creationMetricSchema } from '../../../src-contract/model/metrics.ts';
import type { MetricsRepository } from '../../core/ports/metrics-repository.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const metricRow = creationMetricSchema.extend({
  stages: jsonColumn(creationMetricSchema.shape.stages),
});

const SELECT = `SELECT creation_id AS id, creation_id AS creationId, template_id AS templateId,
  department_id AS departmentId, outcome, failed_stage AS failedStage, error_code AS errorCode,
  queued_seconds AS queuedSeconds, running_seconds AS runningSeconds, total_seconds AS totalSeconds,
  vcpus, memory_bytes AS memoryBytes, disk_bytes AS diskBytes, gpus, stages, ended_at AS endedAt
  FROM creation_metrics`;

export class SqliteMetrics implements MetricsRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  record(metric: CreationMetric): boolean {
    const { changes } = this.#sql.run(
      `INSERT INTO creation_metrics (creation_id, template_id, department_id, outcome, failed_stage,
       error_code, queued_seconds, running_seconds, total_seconds, vcpus, memory_bytes, disk_bytes,
       gpus, stages, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (creation_id) DO NOTHING`,
      metric.creationId,
      metric.templateId,
      metric.departmentId,
      metric.outcome,
      metric.failedStage,
      metric.errorCode,
      metric.queuedSeconds,
      metric.runningSeconds,
      metric.totalSeconds,
      metric.vcpus,
      metric.memoryBytes,
      metric.diskBytes,
      metric.gpus,
      JSON.stringify(metric.stages),
      metric.endedAt,
    );
    return changes === 1;
  }

  has(creationId: string): boolean {
    const sql = 'SELECT 1 FROM creation_metrics WHERE creation_id = ?';
    return this.#sql.get(sql, creationId) !== undefined;
  }

  list(since: number): CreationMetric[] {
    const rows = this.#sql.all(
      `${SELECT} WHERE ended_at >= ? ORDER BY ended_at, creation_id`,
      since,
    );
    return this.#rows.list('creation_metrics', metricRow, rows);
  }

  prune(before: number): number {
    return this.#sql.run('DELETE FROM creation_metrics WHERE ended_at < ?', before).changes;
  }
}
