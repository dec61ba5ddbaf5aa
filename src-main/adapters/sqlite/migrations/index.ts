import { initial } from './001-initial.ts';
import { departments } from './002-departments.ts';
import { filters } from './003-filters.ts';
import { templates } from './004-templates.ts';
import { audit } from './005-audit.ts';
import { machineConfigs } from './006-machine-configs.ts';
import { admission } from './007-admission.ts';
import { configChanges } from './008-config-changes.ts';
import { installerMedia } from './009-installer-media.ts';
import type { Migration } from './migration.ts';

/** In order, without gaps, starting at version 1. */
export const MIGRATIONS: readonly Migration[] = [
  initial,
  departments,
  filters,
  templates,
  audit,
  machineConfigs,
  admission,
  configChanges,
  installerMedia,
];

export const SCHEMA_VERSION = MIGRATIONS.length;
