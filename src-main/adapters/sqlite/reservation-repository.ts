import { z } from 'zod';
import { bytesSchema } from '../../../src-contract/model/ids.ts';
import type {
  MachineRecord,
  Reservation,
  ReservationRepository,
} from '../../core/ports/repositories.ts';
import { claimName, insertMachine } from './machine-repository.ts';
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
      claimName(this.#sql, this.#rows, machine);
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
