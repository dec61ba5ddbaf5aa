import type Database from 'better-sqlite3';
import type { Store } from '../../core/ports/repositories.ts';
import { SqliteAudit } from './audit-repository.ts';
import { isDailyBackupDue, writeBackup } from './backup.ts';
import { SqliteCpuClaims } from './cpu-claims-repository.ts';
import { SqliteCreations } from './creation-repository.ts';
import { SqliteDepartments } from './department-repository.ts';
import { SqliteFilters } from './filter-repository.ts';
import { ForeignChanges } from './foreign-changes.ts';
import { SqliteGpuClaims } from './gpu-claims-repository.ts';
import { SqliteJournal } from './journal.ts';
import { SqliteMachineConfigs } from './machine-configs-repository.ts';
import { SqliteMachines } from './machine-repository.ts';
import { SqliteMedia } from './media-repository.ts';
import { SqliteMetrics } from './metrics-repository.ts';
import { type OpenOptions, openDatabase } from './open-database.ts';
import { SqliteReservations } from './reservation-repository.ts';
import { RowReader } from './rows.ts';
import { SqliteSettings } from './settings-repository.ts';
import { SqlConnection } from './sql-connection.ts';
import { SqliteTemplates } from './template-repository.ts';

export { restoreBackup } from './restore-backup.ts';

const BACKUP_CHECK_MS = 60 * 60 * 1000;

/**
 * Opens, checks and upgrades the database at `path`, or makes it; folders are made as needed. A copy goes to
 * `backupDir` before an upgrade and once a day. Several processes may have the same database open.
 *
 * @throws BerthError `database_newer` | `database_damaged` | `database_foreign` | `database_locked` |
 * `database_full` | `database_unwritable` | `database_failed`. The file is then as it was before.
 */
export function openStore(options: OpenOptions): Store {
  const { database, notices, isNew } = openDatabase(options);
  const { log, path } = options;
  const sql = new SqlConnection(database, options);
  const rows = new RowReader(options, (error) => {
    notices.push(`${error.message}. It is left out.`);
    log.error(error.message, { code: error.code });
  });
  const changes = new ForeignChanges(path, () => sql.foreignVersion(), log);
  const backups = dailyBackups(database, options);
  if (!isNew) backups.check();
  return {
    departments: new SqliteDepartments(sql, rows),
    machines: new SqliteMachines(sql, rows),
    reservations: new SqliteReservations(sql, rows),
    creations: new SqliteCreations(sql, rows),
    journal: new SqliteJournal(sql, rows),
    media: new SqliteMedia(sql, rows),
    settings: new SqliteSettings(sql, rows),
    cpuClaims: new SqliteCpuClaims(sql, rows),
    gpuClaims: new SqliteGpuClaims(sql, rows),
    audit: new SqliteAudit(sql, rows),
    metrics: new SqliteMetrics(sql, rows),
    filters: new SqliteFilters(sql, rows),
    machineConfigs: new SqliteMachineConfigs(sql, rows),
    templates: new SqliteTemplates(sql, rows),
    onForeignChange: (listener) => changes.subscribe(listener),
    notices,
    close: () => {
      backups.stop();
      changes.close();
      database.close();
    },
  };
}

/** A backup that fails is told in the log and tried again later: the database itself is fine. */
function dailyBackups(
  database: Database.Database,
  options: OpenOptions,
): { check: () => void; stop: () => void } {
  const { backupDir, log, modes, now } = options;
  const check = () => {
    try {
      if (!isDailyBackupDue(backupDir, now())) return;
      writeBackup(database, backupDir, 'daily', now(), modes);
    } catch (error) {
      log.warn('the daily backup of the database failed', { error: String(error) });
    }
  };
  const timer = setInterval(check, BACKUP_CHECK_MS);
  timer.unref();
  return { check, stop: () => clearInterval(timer) };
}
