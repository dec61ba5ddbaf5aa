import { createLibvirtHypervisor } from './adapters/libvirt/index.ts';
import { createMediaBuilder } from './adapters/media/media-builder.ts';
import { openSecrets } from './adapters/secrets/open-secrets.ts';
import { openStore, restoreBackup } from './adapters/sqlite/open-store.ts';
import { createBackupFolder } from './adapters/system/backup-folder.ts';
import { createLog } from './adapters/system/log/create-log.ts';
import { systemClock } from './adapters/system/system-clock.ts';
import { createSystem } from './adapters/system/system-facts.ts';
import { systemIds } from './adapters/system/system-ids.ts';
import { loadCatalogue } from './adapters/templates/catalogue.ts';
import { loadBuiltInTemplates } from './adapters/templates/index.ts';
import { type Berth, type Ports, wireCore } from './compose/core.ts';
import { findResources, parsePathMap, resolvePaths, stateModes } from './compose/paths.ts';

export type { Berth, Ports } from './compose/core.ts';

export interface ComposeOptions {
  /** Folder for all state. Default: `BERTH_HOME`, else the XDG folders. */
  home?: string;
  /** Default: `BERTH_LIBVIRT_URI`, else the system's daemon, else the user's. */
  uri?: string;
  /** Lets a test stand between the core and the outside. */
  wrap?: (ports: Ports) => Ports;
  /** Whether this process goes on with what waited in the queue of a dead one. */
  resumesQueued?: boolean;
  /** Also writes the log to standard error. */
  verbose?: boolean;
}

/**
 * Builds adapters and core. Nothing is connected yet: see `Berth.connect`.
 * Rejects with `database_*` or `secret_key_*`.
 */
export async function compose(options: ComposeOptions = {}): Promise<Berth> {
  const paths = resolvePaths(process.env, options.home ?? process.env['BERTH_HOME']);
  const modes = stateModes(paths);
  const resources = findResources();
  const log = createLog({ dir: paths.logs, level: 'info', stderr: options.verbose ?? false });
  const uri = options.uri ?? process.env['BERTH_LIBVIRT_URI'];
  const store = openStore({
    path: paths.database,
    backupDir: paths.backups,
    modes,
    log,
    now: () => systemClock.now(),
  });
  try {
    const ports: Ports = {
      hypervisor: createLibvirtHypervisor({
        ...(uri && { uri }),
        log,
        pathMap: parsePathMap(process.env['BERTH_DAEMON_PATHS']),
      }),
      store,
      media: createMediaBuilder({
        cacheDir: paths.cache,
        tryoutInitPath: `${resources}/guest/tryout-init`,
        firstBootPath: `${resources}/guest/first-boot`,
        windowsFirstBootPath: `${resources}/guest/first-boot.ps1`,
      }),
      secrets: openSecrets({ keyPath: paths.key, modes }),
      system: createSystem(),
      clock: systemClock,
      ids: systemIds,
      log,
      templateBackups: createBackupFolder(paths.backups, modes),
    };
    const builtIns = {
      templates: loadBuiltInTemplates(`${resources}/templates`),
      applications: loadCatalogue(`${resources}/catalogue.json`),
    };
    return wireCore(options.wrap?.(ports) ?? ports, builtIns, () => log.close(), {
      resumesQueued: options.resumesQueued ?? false,
    });
  } catch (error) {
    store.close();
    throw error;
  }
}

/**
 * Puts the newest good backup in the database's place, when the person has asked for it.
 * Returns what to tell them. Throws `backup_missing`.
 */
export function restoreFromBackup(home = process.env['BERTH_HOME']): string {
  const paths = resolvePaths(process.env, home);
  return restoreBackup({
    path: paths.database,
    backupDir: paths.backups,
    modes: stateModes(paths),
    now: () => systemClock.now(),
  });
}
