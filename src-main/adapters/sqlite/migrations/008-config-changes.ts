import type { Migration } from './migration.ts';

export const configChanges: Migration = {
  version: 8,
  sql: `
-- The definition as Berth left it last; null where it was not saved yet.
ALTER TABLE machine_configs ADD COLUMN own_xml TEXT;
-- PCI addresses of the host's devices that the guest has, as JSON.
ALTER TABLE machine_configs ADD COLUMN host_devices TEXT NOT NULL DEFAULT '[]';
`,
};
