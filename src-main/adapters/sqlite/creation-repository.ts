import { z } from 'zod';
import {
  type Creation,
  creationSchema,
  type LogLine,
  TERMINAL_CREATION_STATES,
} from '../../../src-contract/model/creation.ts';
import type { MachineSpec } from '../../core/domain/machine-spec.ts';
import { BerthError } from '../../core/errors.ts';
import type { CreationRepository, CreationRow } from '../../core/ports/repositories.ts';
import type { ProcessIdentity } from '../../core/ports/system.ts';
import { CreationLog } from './creation-log.ts';
import { machineSpecSchema } from './machine-spec-schema.ts';
import { flagColumn, jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';
import { StageTimings } from './stage-timings.ts';

/** Columns that rule over what the JSON record says: other processes may change them. */
const stamp = {
  revision: z.number().int().nonnegative(),
  cancelRequested: flagColumn,
  hasSecret: flagColumn,
};

const stampRow = z.object(stamp);

const creationRow = z
  .object({ ...stamp, record: jsonColumn(creationSchema) })
  .transform(({ record, ...truth }): Creation => ({ ...record, ...truth }));

const fullRow = z
  .object({
    ...stamp,
    record: jsonColumn(creationSchema),
    spec: jsonColumn(machineSpecSchema).nullable(),
    pid: z.number().int(),
    startTime: z.string(),
    bootId: z.string(),
  })
  .transform(
    ({ record, spec, pid, startTime, bootId, ...truth }): CreationRow => ({
      creation: { ...record, ...truth },
      owner: { pid, startTime, bootId },
      spec,
    }),
  );

const secretRow = z.object({ secret: z.instanceof(Uint8Array).nullable() });
const cancelRow = z.object({ cancelRequested: flagColumn });

const STAMP = `revision, cancel_requested AS cancelRequested, secret IS NOT NULL AS hasSecret`;
const SELECT = `SELECT id, record, ${STAMP} FROM creations`;
const SELECT_FULL = `SELECT id, record, ${STAMP}, spec, owner_pid AS pid,
  owner_start_time AS startTime, owner_boot_id AS bootId FROM creations`;
const ENDED = TERMINAL_CREATION_STATES.map((state) => `'${state}'`).join(', ');

export class SqliteCreations implements CreationRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;
  readonly #log: CreationLog;
  readonly #timings: StageTimings;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
    this.#log = new CreationLog(sql, rows);
    this.#timings = new StageTimings(sql, rows);
  }

  insert({ creation, owner, spec }: CreationRow, secret: Uint8Array | null): void {
    this.#sql.run(
      `INSERT INTO creations (id, state, created_at, revision, cancel_requested, owner_pid,
       owner_start_time, owner_boot_id, record, spec, secret)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      creation.id,
      creation.state,
      creation.createdAt,
      creation.revision,
      Number(creation.cancelRequested),
      owner.pid,
      owner.startTime,
      owner.bootId,
      JSON.stringify(creation),
      spec && JSON.stringify(spec),
      secret,
    );
  }

  save(creation: Creation): Creation {
    if (creation.state !== 'completed') return this.#update(creation);
    return this.#sql.immediate(() => {
      this.#timings.record(creation);
      return this.#update(creation);
    });
  }

  saveSpec(id: string, spec: MachineSpec): void {
    const { changes } = this.#sql.run(
      'UPDATE creations SET spec = ? WHERE id = ?',
      JSON.stringify(spec),
      id,
    );
    if (changes === 0) throw missing();
  }

  takeOver(id: string, expected: ProcessIdentity, owner: ProcessIdentity): boolean {
    const { changes } = this.#sql.run(
      `UPDATE creations SET owner_pid = ?, owner_start_time = ?, owner_boot_id = ?
       WHERE id = ? AND owner_pid = ? AND owner_start_time = ? AND owner_boot_id = ?`,
      owner.pid,
      owner.startTime,
      owner.bootId,
      id,
      expected.pid,
      expected.startTime,
      expected.bootId,
    );
    return changes === 1;
  }

  get(id: string): CreationRow | null {
    return this.#rows.maybe('creations', fullRow, this.#sql.get(`${SELECT_FULL} WHERE id = ?`, id));
  }

  list(): Creation[] {
    const rows = this.#sql.all(`${SELECT} ORDER BY created_at, id`);
    return this.#rows.list('creations', creationRow, rows);
  }

  open(): CreationRow[] {
    const rows = this.#sql.all(
      `${SELECT_FULL} WHERE state NOT IN (${ENDED}) ORDER BY created_at, rowid`,
    );
    return this.#rows.list('creations', fullRow, rows);
  }

  secret(id: string): Uint8Array | null {
    const row = this.#sql.get('SELECT id, secret FROM creations WHERE id = ?', id);
    return this.#rows.maybe('creations', secretRow, row)?.secret ?? null;
  }

  clearSecret(id: string): void {
    this.#sql.run('UPDATE creations SET secret = NULL WHERE id = ?', id);
  }

  requestCancel(id: string): void {
    this.#sql.run(
      `UPDATE creations SET cancel_requested = 1, revision = revision + 1
       WHERE id = ? AND cancel_requested = 0`,
      id,
    );
  }

  isCancelRequested(id: string): boolean {
    const row = this.#sql.get(
      'SELECT id, cancel_requested AS cancelRequested FROM creations WHERE id = ?',
      id,
    );
    return this.#rows.maybe('creations', cancelRow, row)?.cancelRequested ?? false;
  }

  remove(id: string): void {
    this.#sql.run('DELETE FROM creations WHERE id = ?', id);
  }

  appendLog(id: string, lines: LogLine[]): void {
    this.#log.append(id, lines);
  }

  log(id: string): LogLine[] {
    return this.#log.read(id);
  }

  typicalSeconds(templateId: string): number | null {
    return this.#timings.typicalSeconds(templateId);
  }

  #update(creation: Creation): Creation {
    const row = this.#sql.get(
      `UPDATE creations SET state = ?, record = ?, revision = max(revision, ?) + 1,
       cancel_requested = max(cancel_requested, ?) WHERE id = ? RETURNING id, ${STAMP}`,
      creation.state,
      JSON.stringify(creation),
      creation.revision,
      Number(creation.cancelRequested),
      creation.id,
    );
    if (row === undefined) throw missing();
    return { ...creation, ...this.#rows.one('creations', stampRow, row) };
  }
}

function missing(): BerthError {
  return new BerthError('creation_missing', 'The record of this creation has been removed');
}
