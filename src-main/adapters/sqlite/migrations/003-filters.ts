import type { Migration } from './migration.ts';

export const filters: Migration = {
  version: 3,
  sql: `
-- One for each department and machine that has rules or a preset of its own, and what libvirt was told last.
CREATE TABLE network_filters (
  owner_kind TEXT NOT NULL,
  owner_id   TEXT NOT NULL,
  name       TEXT NOT NULL UNIQUE,
  uuid       TEXT NOT NULL UNIQUE,
  policy     TEXT NOT NULL,
  xml_sha256 TEXT,
  applied_at INTEGER,
  PRIMARY KEY (owner_kind, owner_id)
) STRICT, WITHOUT ROWID;
`,
};
