import type { Migration } from './migration.ts';

export const departments: Migration = {
  version: 2,
  sql: `
CREATE TABLE departments (
  id          TEXT PRIMARY KEY NOT NULL,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  quota       TEXT NOT NULL,
  network     TEXT NOT NULL,
  filter      TEXT NOT NULL,
  created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE department_members (
  department_id TEXT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
  kind          TEXT NOT NULL,
  name          TEXT NOT NULL,
  role          TEXT NOT NULL,
  PRIMARY KEY (department_id, kind, name)
) STRICT, WITHOUT ROWID;

-- What each machine holds of its department's quota, whether it runs or not.
ALTER TABLE machines ADD COLUMN vcpus INTEGER NOT NULL DEFAULT 0;
ALTER TABLE machines ADD COLUMN memory_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE machines ADD COLUMN disk_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE machines ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
UPDATE machines SET
  vcpus = coalesce((SELECT json_extract(spec, '$.vcpus') FROM creations WHERE id = creation_id),
    (SELECT vcpus FROM reservations WHERE machine_id = machines.id), 0),
  memory_bytes = coalesce(
    (SELECT json_extract(spec, '$.memoryBytes') FROM creations WHERE id = creation_id),
    (SELECT memory_bytes FROM reservations WHERE machine_id = machines.id), 0),
  disk_bytes = coalesce(
    (SELECT json_extract(spec, '$.diskBytes') FROM creations WHERE id = creation_id),
    (SELECT disk_bytes FROM reservations WHERE machine_id = machines.id), 0);
-- Until now any text could be given for a department.
UPDATE machines SET department_id = 'personal';

INSERT INTO departments VALUES ('personal', 'Personal', 'personal', 'Machines of your own.',
  '{"machines":null,"vcpus":null,"memoryBytes":null,"diskBytes":null,"gpus":null}',
  '{"kind":"none"}', '{"preset":"allow-all","rules":[]}', 0);
`,
};
