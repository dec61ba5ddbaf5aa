import { z } from 'zod';
import {
  departmentNetworkSchema,
  departmentSchema,
  type Member,
  memberSchema,
  PERSONAL_DEPARTMENT,
  quotaSchema,
  type Usage,
  usageSchema,
} from '../../../src-contract/model/department.ts';
import { filterPolicySchema } from '../../../src-contract/model/filter.ts';
import { BerthError } from '../../core/errors.ts';
import type {
  DepartmentFields,
  DepartmentRecord,
  DepartmentRepository,
} from '../../core/ports/department-repository.ts';
import { nameKey } from './name-key.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const departmentRow = departmentSchema
  .pick({ id: true, name: true, description: true, createdAt: true })
  .extend({
    quota: jsonColumn(quotaSchema),
    network: jsonColumn(departmentNetworkSchema),
    filter: jsonColumn(filterPolicySchema),
  });

const SELECT = `SELECT id, name, description, quota, network, filter, created_at AS createdAt
  FROM departments`;

/** A card with several functions is one card. */
const USAGE = `SELECT ? AS id, count(*) AS machines, coalesce(sum(vcpus), 0) AS vcpus,
  coalesce(sum(memory_bytes), 0) AS memoryBytes, coalesce(sum(disk_bytes), 0) AS diskBytes,
  (SELECT count(DISTINCT slot) FROM gpu_claims JOIN machines AS holder ON holder.id = machine_id
    WHERE holder.department_id = ?) AS gpus
  FROM machines WHERE department_id = ?`;

export class SqliteDepartments implements DepartmentRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  list(): DepartmentRecord[] {
    const rows = this.#sql.all(`${SELECT} ORDER BY id <> ?, name_key`, PERSONAL_DEPARTMENT);
    return this.#rows
      .list('departments', departmentRow, rows)
      .map((row) => ({ ...row, members: this.#members(row.id) }));
  }

  get(id: string): DepartmentRecord | null {
    const row = this.#sql.get(`${SELECT} WHERE id = ?`, id);
    const found = this.#rows.maybe('departments', departmentRow, row);
    return found && { ...found, members: this.#members(id) };
  }

  insert(record: DepartmentRecord): void {
    this.#sql.immediate(() => {
      this.#refuseTaken(record.name, record.id);
      this.#sql.run(
        `INSERT INTO departments (id, name, name_key, description, quota, network, filter, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        record.id,
        record.name,
        nameKey(record.name),
        record.description,
        JSON.stringify(record.quota),
        JSON.stringify(record.network),
        JSON.stringify(record.filter),
        record.createdAt,
      );
      for (const member of record.members) this.setMember(record.id, member);
    });
  }

  update(id: string, change: Partial<DepartmentFields>): void {
    this.#sql.immediate(() => {
      if (change.name !== undefined) this.#refuseTaken(change.name, id);
      this.#sql.run(
        `UPDATE departments SET name = coalesce(?, name), name_key = coalesce(?, name_key),
         description = coalesce(?, description), quota = coalesce(?, quota),
         network = coalesce(?, network), filter = coalesce(?, filter) WHERE id = ?`,
        change.name ?? null,
        change.name === undefined ? null : nameKey(change.name),
        change.description ?? null,
        json(change.quota),
        json(change.network),
        json(change.filter),
        id,
      );
    });
  }

  remove(id: string): void {
    this.#sql.immediate(() => {
      const { machines } = this.usage(id);
      if (machines > 0) throw inUse(machines);
      this.#sql.run('DELETE FROM departments WHERE id = ?', id);
    });
  }

  setMember(id: string, { kind, name, role }: Member): void {
    this.#sql.run(
      `INSERT INTO department_members (department_id, kind, name, role) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET role = excluded.role`,
      id,
      kind,
      name,
      role,
    );
  }

  removeMember(id: string, { kind, name }: Pick<Member, 'kind' | 'name'>): void {
    this.#sql.run(
      'DELETE FROM department_members WHERE department_id = ? AND kind = ? AND name = ?',
      id,
      kind,
      name,
    );
  }

  usage(id: string): Usage {
    return this.#rows.one('machines', usageSchema, this.#sql.get(USAGE, id, id, id));
  }

  atomically<T>(body: () => T): T {
    return this.#sql.immediate(body);
  }

  /** Who may do what is not guessed: an unreadable member is an error. */
  #members(id: string): Member[] {
    const rows = this.#sql.all(
      `SELECT department_id AS id, kind, name, role FROM department_members
       WHERE department_id = ? ORDER BY kind, name`,
      id,
    );
    return this.#rows.all('department_members', memberSchema, rows);
  }

  #refuseTaken(name: string, id: string): void {
    const row = this.#sql.get(
      'SELECT id, name FROM departments WHERE name_key = ? AND id <> ?',
      nameKey(name),
      id,
    );
    const holder = this.#rows.maybe('departments', z.object({ name: z.string() }), row);
    if (holder === null) return;
    throw new BerthError(
      'department_name_taken',
      `There is already a department called “${holder.name}”.`,
      { hint: 'Choose another name.' },
    );
  }
}

const json = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value);

function inUse(machines: number): BerthError {
  const many = machines === 1 ? 'one machine' : `${machines} machines`;
  return new BerthError('department_in_use', `The department still has ${many}.`, {
    hint: 'Delete its machines first, those that are being made included.',
  });
}
