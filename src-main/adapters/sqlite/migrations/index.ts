import { initial } from './001-initial.ts';
import type { Migration } from './migration.ts';

/** In order, without gaps, starting at version 1. */
export const MIGRATIONS: readonly Migration[] = [initial];

export const SCHEMA_VERSION = MIGRATIONS.length;
