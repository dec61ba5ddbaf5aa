import type { BackupFolder } from '../core/ports/backup-folder.ts';
import type { Hypervisor } from '../core/ports/hypervisor.ts';
import type { MediaBuilder } from '../core/ports/media-builder.ts';
import type { Store } from '../core/ports/repositories.ts';
import type { Clock, GuardedLog, Ids, Secrets, SystemFacts } from '../core/ports/system.ts';

/** Everything outside the core. */
export interface Ports {
  hypervisor: Hypervisor;
  store: Store;
  media: MediaBuilder;
  secrets: Secrets;
  system: SystemFacts;
  clock: Clock;
  ids: Ids;
  log: GuardedLog;
  /** Where the backups of templates are. */
  templateBackups: BackupFolder;
}
