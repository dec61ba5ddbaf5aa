import { z } from 'zod';
import { findingSchema } from '../../../src-contract/model/error.ts';
import { bytesSchema, timestampSchema } from '../../../src-contract/model/ids.ts';
import { provisioningStateSchema } from '../../../src-contract/model/machine.ts';
import { BerthError } from '../../core/errors.ts';
import type {
  MachineRecord,
  MachineRepository,
  MachineVolume,
} from '../../core/ports/repositories.ts';
import { nameKey } from './name-key.ts';
import { flagColumn, jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const machineRow = z.object({
  id: z.string(),
  name: z.string(),
  domainName: z.string(),
  domainUuid: z.string(),
  departmentId: z.string(),
  templateId: z.string(),
  creationId: z.string(),
  osLabel: z.string().nullable(),
  provisioning: provisioningStateSchema,
  notes: jsonColumn(z.array(findingSchema)),
  deleteFailed: flagColumn,
  createdAt: timestampSchema,
  vcpus: z.number().int().nonnegative(),
  memoryBytes: bytesSchema,
  diskBytes: bytesSchema,
  createdBy: z.string(),
});

export const volumeRoleSchema = z.enum(['disk', 'seed', 'kernel', 'initrd']);

const volumeRow = z.object({ pool: z.string(), name: z.string(), role: volumeRoleSchema });

const SELECT = `SELECT id, name, domain_name AS domainName, domain_uuid AS domainUuid,
  department_id AS departmentId, template_id AS templateId, creation_id AS creationId,
  os_label AS osLabel, provisioning, notes, delete_failed AS deleteFailed, created_at AS createdAt,
  vcpus, memory_bytes AS memoryBytes, disk_bytes AS diskBytes, created_by AS createdBy
  FROM machines`;

export class SqliteMachines implements MachineRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  list(): MachineRecord[] {
    return this.#rows.list(
      'machines',
      machineRow,
      this.#sql.all(`${SELECT} ORDER BY created_at, id`),
    );
  }

  get(id: string): MachineRecord | null {
    return this.#rows.maybe('machines', machineRow, this.#sql.get(`${SELECT} WHERE id = ?`, id));
  }

  getByDomainUuid(uuid: string): MachineRecord | null {
    const row = this.#sql.get(`${SELECT} WHERE domain_uuid = ?`, uuid);
    return this.#rows.maybe('machines', machineRow, row);
  }

  insert(machine: MachineRecord): void {
    this.#sql.immediate(() => {
      claimName(this.#sql, this.#rows, machine);
      insertMachine(this.#sql, machine);
    });
  }

  update(id: string, change: Parameters<MachineRepository['update']>[1]): void {
    const { name, domainName } = change;
    if (name === undefined && domainName === undefined) {
      this.#update(id, change);
      return;
    }
    this.#sql.immediate(() => {
      const old = this.get(id);
      if (old === null) return;
      const named = { ...old, name: name ?? old.name, domainName: domainName ?? old.domainName };
      claimName(this.#sql, this.#rows, named);
      this.#sql.run(
        'UPDATE machines SET name = ?, name_key = ?, domain_name = ? WHERE id = ?',
        named.name,
        nameKey(named.name),
        named.domainName,
        id,
      );
      this.#update(id, change);
    });
  }

  #update(id: string, change: Parameters<MachineRepository['update']>[1]): void {
    this.#sql.run(
      `UPDATE machines SET provisioning = coalesce(?, provisioning), notes = coalesce(?, notes),
       delete_failed = coalesce(?, delete_failed), vcpus = coalesce(?, vcpus),
       memory_bytes = coalesce(?, memory_bytes), disk_bytes = coalesce(?, disk_bytes) WHERE id = ?`,
      change.provisioning ?? null,
      change.notes ? JSON.stringify(change.notes) : null,
      change.deleteFailed === undefined ? null : Number(change.deleteFailed),
      change.vcpus ?? null,
      change.memoryBytes ?? null,
      change.diskBytes ?? null,
      id,
    );
  }

  claimMac(id: string, mac: string): boolean {
    return this.#sql.immediate(() => {
      const holder = this.#sql.get('SELECT id FROM machines WHERE mac = ? AND id <> ?', mac, id);
      if (holder !== undefined) return false;
      this.#sql.run('UPDATE machines SET mac = ? WHERE id = ?', mac, id);
      return true;
    });
  }

  remove(id: string): void {
    this.#sql.run('DELETE FROM machines WHERE id = ?', id);
  }

  volumes(id: string): MachineVolume[] {
    const rows = this.#sql.all(
      'SELECT machine_id AS id, pool, name, role FROM machine_volumes WHERE machine_id = ?',
      id,
    );
    // A volume that is left out here would stay behind when its machine is deleted.
    return this.#rows.all('machine_volumes', volumeRow, rows);
  }

  addVolume(id: string, volume: MachineVolume): void {
    this.#sql.run(
      `INSERT INTO machine_volumes (machine_id, pool, name, role) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET role = excluded.role`,
      id,
      volume.pool,
      volume.name,
      volume.role,
    );
  }

  removeVolume(id: string, pool: string, name: string): void {
    this.#sql.run(
      'DELETE FROM machine_volumes WHERE machine_id = ? AND pool = ? AND name = ?',
      id,
      pool,
      name,
    );
  }
}

const holderRow = z.object({ name: z.string(), nameKey: z.string() });

/** Within the transaction that takes the name. Throws `name_taken`. */
export function claimName(
  sql: SqlConnection,
  rows: RowReader,
  { id, name, domainName }: Pick<MachineRecord, 'id' | 'name' | 'domainName'>,
): void {
  const key = nameKey(name);
  const row = sql.get(
    `SELECT id, name, name_key AS nameKey FROM machines
     WHERE (name_key = ? OR domain_name = ?) AND id <> ?`,
    key,
    domainName,
    id,
  );
  const holder = rows.maybe('machines', holderRow, row);
  if (!holder) return;
  throw new BerthError(
    'name_taken',
    holder.nameKey === key
      ? `There is already a machine called “${holder.name}”`
      : `The name is too close to that of the machine “${holder.name}”`,
    { hint: 'Choose another name.' },
  );
}

/** Within the transaction of a reservation. */
export function insertMachine(sql: SqlConnection, machine: MachineRecord): void {
  sql.run(
    `INSERT INTO machines (id, name, name_key, domain_name, domain_uuid, department_id, template_id,
     creation_id, os_label, provisioning, notes, delete_failed, created_at, vcpus, memory_bytes,
     disk_bytes, created_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    machine.id,
    machine.name,
    nameKey(machine.name),
    machine.domainName,
    machine.domainUuid,
    machine.departmentId,
    machine.templateId,
    machine.creationId,
    machine.osLabel,
    machine.provisioning,
    JSON.stringify(machine.notes),
    Number(machine.deleteFailed),
    machine.createdAt,
    machine.vcpus,
    machine.memoryBytes,
    machine.diskBytes,
    machine.createdBy,
  );
}
