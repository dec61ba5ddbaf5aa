import type { Migration } from './migration.ts';

export const templates: Migration = {
  version: 4,
  sql: `
CREATE TABLE template_categories (
  id          TEXT PRIMARY KEY NOT NULL,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  position    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A person's own templates, and their changes to built-in ones.
CREATE TABLE templates (
  id         TEXT PRIMARY KEY NOT NULL,
  record     TEXT NOT NULL,
  archived   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE applications (
  id     TEXT PRIMARY KEY NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
