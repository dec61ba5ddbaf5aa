import { z } from 'zod';
import { BerthError } from '../../core/errors.ts';
import type { GpuClaim, GpuClaimRepository } from '../../core/ports/gpu-claims-repository.ts';
import type { RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const claimRow = z.object({ address: z.string(), slot: z.string(), machineId: z.string() });

export class SqliteGpuClaims implements GpuClaimRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  list(): GpuClaim[] {
    const all = this.#sql.all(
      `SELECT address AS id, address, slot, machine_id AS machineId
       FROM gpu_claims ORDER BY address`,
    );
    return this.#rows.all('gpu_claims', claimRow, all);
  }

  claim(machineId: string, functions: readonly Omit<GpuClaim, 'machineId'>[]): void {
    const wanted = new Set(functions.map(({ address }) => address));
    const other = this.list().find((one) => one.machineId !== machineId && wanted.has(one.address));
    if (other !== undefined) {
      throw new BerthError('gpu_in_use', `${other.address} belongs to another machine.`, {
        hint: 'Choose another graphics card, or delete the machine that has it.',
        retryable: true,
      });
    }
    for (const { address, slot } of functions) {
      this.#sql.run(
        'INSERT OR IGNORE INTO gpu_claims (address, slot, machine_id) VALUES (?, ?, ?)',
        address,
        slot,
        machineId,
      );
    }
  }

  release(machineId: string): void {
    this.#sql.run('DELETE FROM gpu_claims WHERE machine_id = ?', machineId);
  }
}
