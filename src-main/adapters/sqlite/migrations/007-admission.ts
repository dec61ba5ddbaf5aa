import type { Migration } from './migration.ts';

export const admission: Migration = {
  version: 7,
  sql: `
-- What was claimed before was claimed by creations at work.
ALTER TABLE reservations ADD COLUMN state TEXT NOT NULL DEFAULT 'working';

-- Null for machines that were made before Berth claimed addresses.
ALTER TABLE machines ADD COLUMN mac TEXT;
CREATE UNIQUE INDEX machines_mac ON machines (mac);
`,
};
