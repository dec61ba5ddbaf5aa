import { z } from 'zod';
import {
  type FilterOwner,
  filterOwnerSchema,
  filterPolicySchema,
} from '../../../src-contract/model/filter.ts';
import { timestampSchema } from '../../../src-contract/model/ids.ts';
import type { FilterRecord, FilterRepository } from '../../core/ports/filter-repository.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const filterRow = z
  .object({
    kind: filterOwnerSchema.shape.kind,
    id: filterOwnerSchema.shape.id,
    name: z.string(),
    uuid: z.string(),
    policy: jsonColumn(filterPolicySchema).nullable(),
    appliedXml: z.string().nullable(),
    appliedAt: timestampSchema.nullable(),
  })
  .transform(({ kind, id, ...rest }): FilterRecord => ({ owner: { kind, id }, ...rest }));

const SELECT = `SELECT owner_kind AS kind, owner_id AS id, name, uuid, policy,
  applied_xml AS appliedXml, applied_at AS appliedAt FROM network_filters`;
const OWNER = 'owner_kind = ? AND owner_id = ?';

export class SqliteFilters implements FilterRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  /** A filter that was left out would be one that nobody enforces: an unreadable row is an error. */
  list(): FilterRecord[] {
    const rows = this.#sql.all(`${SELECT} ORDER BY owner_kind, owner_id`);
    return this.#rows.all('network_filters', filterRow, rows);
  }

  get({ kind, id }: FilterOwner): FilterRecord | null {
    const row = this.#sql.get(`${SELECT} WHERE ${OWNER}`, kind, id);
    return this.#rows.maybe('network_filters', filterRow, row);
  }

  /** On disk when it returns: what libvirt is told afterwards can be found again. */
  save({ owner, name, uuid, policy, appliedXml, appliedAt }: FilterRecord): void {
    this.#sql.durably(() =>
      this.#sql.run(
        `INSERT INTO network_filters (owner_kind, owner_id, name, uuid, policy, applied_xml, applied_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (owner_kind, owner_id) DO UPDATE SET name = excluded.name, uuid = excluded.uuid,
         policy = excluded.policy, applied_xml = excluded.applied_xml, applied_at = excluded.applied_at`,
        owner.kind,
        owner.id,
        name,
        uuid,
        policy && JSON.stringify(policy),
        appliedXml,
        appliedAt,
      ),
    );
  }

  remove({ kind, id }: FilterOwner): void {
    this.#sql.run(`DELETE FROM network_filters WHERE ${OWNER}`, kind, id);
  }
}
