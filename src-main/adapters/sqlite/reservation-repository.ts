import { z } from 'zod';
import { bytesSchema } from '../../../src-contract/model/ids.ts';
import { BerthError } from '../../core/errors.ts';
import type {
  MachineRecord,
  Reservation,
  ReservationRepository,
} from '../../core/ports/repositories.ts';
import { insertMachine } from './machine-repository.ts';
import { nameKey } from './name-key.ts';
import type { RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const reservationRow = z.object({
  creationId: z.string(),
  machineId: z.string(),
  state: z.enum(['waiting', 'working', 'holding']),
  memoryBytes: bytesSchema,
  vcpus: z.number().int().nonnegative(),
  diskBytes: bytesSchema,
  pool: z.string(),
});

const SELECT = `SELECT creation_id AS id, creation_id AS creationId, machine_id AS machineId, state,
  memory_bytes AS memoryBytes, vcpus, disk_bytes AS diskBytes, pool FROM reservations`;

const holderRow = z.object({ name: z.string(), nameKey: z.string() });

export class SqliteReservations implements ReservationRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  reserve(
    machine: MachineRecord,
    reservation: Reservation,
    admit: (others: Reservation[]) => void,
  ): void {
    // The write lock is held from the first read on, so nobody can come between the look and the claim.
    this.#sql.immediate(() => {
      this.#claimName(machine);
      admit(this.list());
      insertMachine(this.#sql, machine);
      this.#insert(reservation);
    });
  }

  list(): Reservation[] {
    // A claim that cannot be read must not be taken for free memory.
    return this.#rows.all('reservations', reservationRow, this.#sql.all(SELECT));
  }

  admit(creationId: string, decide: (others: Reservation[]) => boolean): boolean {
    return this.#sql.immediate(() => {
      const all = this.list();
      const own = all.find((one) => one.creationId === creationId);
      if (own?.state !== 'waiting' || !decide(all.filter((one) => one !== own))) return false;
      this.#setState(creationId, 'working');
      return true;
    });
  }

  hold(creationId: string): void {
    this.#setState(creationId, 'holding');
  }

  #setState(creationId: string, state: Reservation['state']): void {
    this.#sql.run('UPDATE reservations SET state = ? WHERE creation_id = ?', state, creationId);
  }

  release(creationId: string): void {
    this.#sql.run('DELETE FROM reservations WHERE creation_id = ?', creationId);
  }

  #claimName({ name, domainName }: MachineRecord): void {
    const key = nameKey(name);
    const row = this.#sql.get(
      'SELECT name, name_key AS nameKey FROM machines WHERE name_key = ? OR domain_name = ?',
      key,
      domainName,
    );
    const holder = this.#rows.maybe('machines', holderRow, row);
    if (!holder) return;
    throw new BerthError(
      'name_taken',
      holder.nameKey === key
        ? `There is already a machine called “${holder.name}”`
        : `The name is too close to that of the machine “${holder.name}”`,
      { hint: 'Choose another name.' },
    );
  }

  #insert(reservation: Reservation): void {
    this.#sql.run(
      `INSERT INTO reservations (creation_id, machine_id, state, memory_bytes, vcpus, disk_bytes, pool)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      reservation.creationId,
      reservation.machineId,
      reservation.state,
      reservation.memoryBytes,
      reservation.vcpus,
      reservation.diskBytes,
      reservation.pool,
    );
  }
}
