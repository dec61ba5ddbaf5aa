import { z } from 'zod';
import { timestampSchema } from '../../../src-contract/model/ids.ts';
import type {
  MachineConfig,
  MachineConfigRepository,
} from '../../core/ports/machine-configs-repository.ts';
import { jsonColumn, type RowReader } from './rows.ts';
import type { SqlConnection } from './sql-connection.ts';

const configRow = z.object({
  machineId: z.string(),
  domainXml: z.string(),
  ownXml: z.string(),
  displayProtocol: z.enum(['spice', 'vnc']).nullable(),
  displayEndpoint: z.string().nullable(),
  displayPassword: z.instanceof(Uint8Array).nullable(),
  hostDevices: jsonColumn(z.array(z.string())),
  savedAt: timestampSchema,
});

export class SqliteMachineConfigs implements MachineConfigRepository {
  readonly #sql: SqlConnection;
  readonly #rows: RowReader;

  constructor(sql: SqlConnection, rows: RowReader) {
    this.#sql = sql;
    this.#rows = rows;
  }

  get(machineId: string): MachineConfig | null {
    const row = this.#sql.get(
      `SELECT machine_id AS id, machine_id AS machineId, domain_xml AS domainXml,
       coalesce(own_xml, domain_xml) AS ownXml, display_protocol AS displayProtocol,
       display_endpoint AS displayEndpoint, display_password AS displayPassword,
       host_devices AS hostDevices, saved_at AS savedAt
       FROM machine_configs WHERE machine_id = ?`,
      machineId,
    );
    return this.#rows.maybe('machine_configs', configRow, row);
  }

  save(config: MachineConfig): void {
    this.#sql.run(
      `INSERT INTO machine_configs (machine_id, domain_xml, own_xml, display_protocol,
       display_endpoint, display_password, host_devices, saved_at)
       SELECT id, ?, ?, ?, ?, ?, ?, ? FROM machines WHERE id = ?
       ON CONFLICT (machine_id) DO UPDATE SET domain_xml = excluded.domain_xml,
       own_xml = excluded.own_xml, display_protocol = excluded.display_protocol,
       display_endpoint = excluded.display_endpoint, display_password = excluded.display_password,
       host_devices = excluded.host_devices, saved_at = excluded.saved_at`,
      config.domainXml,
      config.ownXml,
      config.displayProtocol,
      config.displayEndpoint,
      config.displayPassword,
      JSON.stringify(config.hostDevices),
      config.savedAt,
      config.machineId,
    );
  }
}
