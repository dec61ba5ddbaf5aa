import type { Migration } from './migration.ts';

export const audit: Migration = {
  version: 5,
  sql: `
CREATE TABLE audit (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  at            INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  command       TEXT NOT NULL,
  department_id TEXT,
  subject       TEXT,
  creation_id   TEXT,
  inputs        TEXT NOT NULL,
  outcome       TEXT NOT NULL,
  error_code    TEXT
) STRICT;
-- INSERT OR REPLACE deletes without a trigger unless recursive_triggers is on.
CREATE TRIGGER audit_is_new BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_is_fixed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

CREATE TABLE creation_metrics (
  creation_id     TEXT PRIMARY KEY NOT NULL,
  template_id     TEXT NOT NULL,
  department_id   TEXT NOT NULL,
  outcome         TEXT NOT NULL,
  failed_stage    TEXT,
  error_code      TEXT,
  queued_seconds  REAL NOT NULL,
  running_seconds REAL,
  total_seconds   REAL NOT NULL,
  vcpus           INTEGER NOT NULL,
  memory_bytes    INTEGER NOT NULL,
  disk_bytes      INTEGER NOT NULL,
  gpus            INTEGER NOT NULL,
  stages          TEXT NOT NULL,
  ended_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX creation_metrics_ended ON creation_metrics (ended_at);
`,
};
