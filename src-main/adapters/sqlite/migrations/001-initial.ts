import type { Migration } from './migration.ts';

export const initial: Migration = {
  version: 1,
  sql: `
CREATE TABLE machines (
  id             TEXT PRIMARY KEY NOT NULL,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL UNIQUE,
  domain_name    TEXT NOT NULL UNIQUE,
  domain_uuid    TEXT NOT NULL UNIQUE,
  department_id  TEXT NOT NULL,
  template_id    TEXT NOT NULL,
  creation_id    TEXT NOT NULL,
  os_label       TEXT,
  provisioning   TEXT NOT NULL,
  notes          TEXT NOT NULL,
  delete_failed  INTEGER NOT NULL,
  created_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE machine_volumes (
  machine_id TEXT NOT NULL REFERENCES machines (id) ON DELETE CASCADE,
  pool       TEXT NOT NULL,
  name       TEXT NOT NULL,
  role       TEXT NOT NULL,
  PRIMARY KEY (machine_id, pool, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservations (
  creation_id  TEXT PRIMARY KEY NOT NULL,
  machine_id   TEXT NOT NULL REFERENCES machines (id) ON DELETE CASCADE,
  memory_bytes INTEGER NOT NULL,
  vcpus        INTEGER NOT NULL,
  disk_bytes   INTEGER NOT NULL,
  pool         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_machine ON reservations (machine_id);

-- record holds the creation as JSON; what is a column here is only here, or is here to be searched.
CREATE TABLE creations (
  id               TEXT PRIMARY KEY NOT NULL,
  state            TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  revision         INTEGER NOT NULL,
  cancel_requested INTEGER NOT NULL,
  owner_pid        INTEGER NOT NULL,
  owner_start_time TEXT NOT NULL,
  owner_boot_id    TEXT NOT NULL,
  record           TEXT NOT NULL,
  spec             TEXT,
  secret           BLOB
) STRICT;
CREATE INDEX creations_state ON creations (state);

CREATE TABLE creation_log (
  creation_id TEXT NOT NULL REFERENCES creations (id) ON DELETE CASCADE,
  seq         INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  stage       TEXT NOT NULL,
  level       TEXT NOT NULL,
  text        TEXT NOT NULL,
  PRIMARY KEY (creation_id, seq)
) STRICT, WITHOUT ROWID;

-- Outlives its creation: the estimate for the next one is made of it.
CREATE TABLE stage_timings (
  template_id TEXT NOT NULL,
  creation_id TEXT NOT NULL,
  ended_at    INTEGER NOT NULL,
  stage       TEXT NOT NULL,
  seconds     REAL NOT NULL,
  PRIMARY KEY (template_id, creation_id, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  creation_id TEXT NOT NULL REFERENCES creations (id) ON DELETE CASCADE,
  stage       TEXT NOT NULL,
  effect      TEXT NOT NULL,
  state       TEXT NOT NULL
) STRICT;
CREATE INDEX journal_creation ON journal (creation_id);

CREATE TABLE media (
  id            TEXT PRIMARY KEY NOT NULL,
  name          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  format        TEXT NOT NULL,
  state         TEXT NOT NULL,
  virtual_bytes INTEGER NOT NULL,
  file_bytes    INTEGER NOT NULL,
  sha256        TEXT,
  pool          TEXT NOT NULL,
  volume        TEXT NOT NULL,
  origin        TEXT NOT NULL,
  progress      REAL,
  error         TEXT,
  used_by       INTEGER NOT NULL,
  added_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
