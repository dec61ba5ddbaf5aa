import type { Migration } from './migration.ts';

export const installerMedia: Migration = {
  version: 9,
  sql: `
-- What a medium installs, as JSON; null for disk images.
ALTER TABLE media ADD COLUMN installer TEXT;
`,
};
