import type { Migration } from './migration.ts';

export const machineConfigs: Migration = {
  version: 6,
  sql: `
-- The definition that libvirt runs, as it was after the last start or change.
CREATE TABLE machine_configs (
  machine_id       TEXT PRIMARY KEY NOT NULL REFERENCES machines (id) ON DELETE CASCADE,
  domain_xml       TEXT NOT NULL,
  display_protocol TEXT,
  display_endpoint TEXT,
  display_password BLOB,
  saved_at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A whole graphics card belongs to one machine; the primary key makes two claims impossible.
CREATE TABLE gpu_claims (
  address    TEXT PRIMARY KEY NOT NULL,
  slot       TEXT NOT NULL,
  machine_id TEXT NOT NULL REFERENCES machines (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX gpu_claims_machine ON gpu_claims (machine_id);

-- Host CPUs that belong to one machine alone. Claimed in the transaction that inserts the machine, before it.
CREATE TABLE cpu_claims (
  host_cpu   INTEGER PRIMARY KEY NOT NULL,
  machine_id TEXT NOT NULL REFERENCES machines (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX cpu_claims_machine ON cpu_claims (machine_id);
`,
};
