import { z } from 'zod';
import { BerthError } from '../../core/errors.ts';
import type { CpuClaim, CpuClaimRepository } from '../../core/ports/cpu-claims-repository.ts';
import type { RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const claimRow = z.object({ hostCpu: z.number().int().nonnegative(), machineId: z.string() });

export class SqliteCpuClaims implements CpuClaimRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  list(): CpuClaim[] {
    const all = this.#sql.all(
      `SELECT host_cpu AS id, host_cpu AS hostCpu, machine_id AS machineId
       FROM cpu_claims ORDER BY host_cpu`,
    );
    return this.#rows.all('cpu_claims', claimRow, all);
  }

  claim(machineId: string, cpus: readonly number[]): void {
    const wanted = new Set(cpus);
    const other = this.list().find((one) => one.machineId !== machineId && wanted.has(one.hostCpu));
    if (other !== undefined) {
      throw new BerthError('cpu_taken', `CPU ${other.hostCpu} belongs to another machine.`, {
        hint: 'Try again: other CPUs are chosen then.',
        retryable: true,
      });
    }
    for (const cpu of cpus) {
      this.#sql.run(
        'INSERT OR IGNORE INTO cpu_claims (host_cpu, machine_id) VALUES (?, ?)',
        cpu,
        machineId,
      );
    }
  }

  release(machineId: string): void {
    this.#sql.run('DELETE FROM cpu_claims WHERE machine_id = ?', machineId);
  }
}
