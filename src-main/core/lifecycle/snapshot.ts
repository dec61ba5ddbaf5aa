import type { Snapshot } from '../../../src-contract/model/snapshot.ts';
import type { TemplateLibrary } from '../../../src-contract/model/template-bundle.ts';
import type { CreationService } from '../creation/index.ts';
import { defaultGuestUser } from '../domain/guest-user.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, SystemFacts } from '../ports/system.ts';
import type { Access } from './access.ts';
import type { DepartmentService } from './departments.ts';
import type { HostLink } from './host.ts';
import type { Hub } from './hub.ts';
import type { MachineLibrary } from './machines.ts';
import type { MediaLibrary } from './media-library.ts';

export interface SnapshotDeps {
  hub: Hub;
  link: HostLink;
  library: MachineLibrary;
  creations: Pick<CreationService, 'list'>;
  media: MediaLibrary;
  access: Pick<Access, 'canSee'>;
  departments: Pick<DepartmentService, 'list'>;
  templates: { library(): TemplateLibrary };
  store: Pick<Store, 'notices'>;
  system: SystemFacts;
  clock: Clock;
}

/** A first list that takes longer arrives as `machines.reset`. */
const PATIENCE_MS = 400;

/** All that a new window needs. Waits briefly for the first list of machines. */
export async function takeSnapshot(deps: SnapshotDeps): Promise<Snapshot> {
  const patience = new AbortController();
  const waited = deps.clock.sleep(PATIENCE_MS, patience.signal).catch(() => undefined);
  const [sshKeys] = await Promise.all([
    deps.system.sshPublicKeys(),
    Promise.race([deps.link.settled, waited]),
  ]);
  patience.abort();
  const isVisible = (thing: { departmentId: string }) => deps.access.canSee(thing.departmentId);
  // From here on without an await, so that the parts and the revision belong together.
  return {
    revision: deps.hub.revision,
    host: deps.link.host,
    machines: deps.library.list().filter(isVisible),
    creations: deps.creations.list().filter(isVisible),
    media: deps.media.list(),
    departments: deps.departments.list(),
    ...deps.templates.library(),
    defaultUser: defaultGuestUser(deps.system.userName()),
    sshKeys,
    notices: deps.store.notices,
  };
}
