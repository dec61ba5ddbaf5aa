import { z } from 'zod';
import {
  type AuditEntry,
  type AuditQuery,
  auditEntrySchema,
} from '../../../src-contract/model/audit.ts';
import type { AuditRepository } from '../../core/ports/audit-repository.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection, SqlValue } from './sql-connection.ts';

const auditRow = auditEntrySchema.extend({
  inputs: jsonColumn(z.record(z.string(), z.unknown())),
});

const SELECT = `SELECT id, at, actor, command, department_id AS departmentId, subject,
  creation_id AS creationId, inputs, outcome, error_code AS errorCode FROM audit`;

export class SqliteAudit implements AuditRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  append(entry: Omit<AuditEntry, 'id'>): AuditEntry {
    const { rowId } = this.#sql.run(
      `INSERT INTO audit (at, actor, command, department_id, subject, creation_id, inputs, outcome,
       error_code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.at,
      entry.actor,
      entry.command,
      entry.departmentId,
      entry.subject,
      entry.creationId,
      JSON.stringify(entry.inputs),
      entry.outcome,
      entry.errorCode,
    );
    return { id: rowId, ...entry };
  }

  query(query: AuditQuery, departmentIds?: readonly string[]): AuditEntry[] {
    const conditions = conditionsOf(query, departmentIds);
    const where = conditions.map(([condition]) => condition).join(' AND ');
    const rows = this.#sql.all(
      `${SELECT}${where && ` WHERE ${where}`} ORDER BY id DESC LIMIT ?`,
      ...conditions.flatMap(([, ...values]) => values),
      query.limit,
    );
    return this.#rows.list('audit', auditRow, rows);
  }
}

type Condition = [condition: string, ...values: SqlValue[]];

function conditionsOf(
  { before, departmentId, command }: AuditQuery,
  departmentIds: readonly string[] | undefined,
): Condition[] {
  const conditions: Condition[] = [];
  if (before !== undefined) conditions.push(['id < ?', before]);
  if (departmentId !== undefined) conditions.push(['department_id = ?', departmentId]);
  if (command !== undefined) {
    const topic = `${command}.`;
    conditions.push(['(command = ? OR substr(command, 1, ?) = ?)', command, topic.length, topic]);
  }
  if (departmentIds !== undefined) {
    const seen = 'department_id IN (SELECT value FROM json_each(?))';
    conditions.push([`(department_id IS NULL OR ${seen})`, JSON.stringify(departmentIds)]);
  }
  return conditions;
}
