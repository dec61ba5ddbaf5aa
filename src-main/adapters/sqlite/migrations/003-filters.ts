import type { Migration } from './migration.ts';

export const filters: Migration = {
  version: 3,
  sql: `
-- One for each department and machine that has a policy, and what libvirt was told last. A department's policy is in its row.
CREATE TABLE network_filters (
  owner_kind TEXT NOT NULL,
  owner_id   TEXT NOT NULL,
  name       TEXT NOT NULL UNIQUE,
  uuid       TEXT NOT NULL UNIQUE,
  policy     TEXT,
  applied_xml TEXT,
  applied_at INTEGER,
  PRIMARY KEY (owner_kind, owner_id)
) STRICT, WITHOUT ROWID;
`,
};
