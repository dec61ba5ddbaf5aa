import { initial } from './001-initial.ts';

/** One step of the schema. A released migration is never edited: a change is a new file with the next version. */
export interface Migration {
  /** `PRAGMA user_version` after it. */
  version: number;
  sql: string;
}

/** In order, without gaps, starting at version 1. */
export const MIGRATIONS: readonly Migration[] = [initial];

export const SCHEMA_VERSION = MIGRATIONS.length;
