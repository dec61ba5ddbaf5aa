import { type Creation, TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import type { CreationEventType } from '../../../src-contract/model/events.ts';
import type { CreationService } from '../creation/index.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, Log, SystemFacts } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import type { MachineLibrary } from './machines.ts';

export interface ForeignDeps {
  store: Store;
  library: MachineLibrary;
  creations: Pick<CreationService, 'recover'>;
  system: SystemFacts;
  clock: Clock;
  hub: Hub;
  log: Log;
}

interface Seen {
  revision: number;
  state: Creation['state'];
  logLines: number;
}

/** Commits of another process come in bursts. */
const SETTLE_MS = 30;
/** Only while another process runs a creation: its death is told by nobody. */
const OWNER_CHECK_MS = 3_000;

/** Shows live what another process, such as the command line, makes and changes in the same database. */
export class ForeignChanges {
  readonly #deps: ForeignDeps;
  readonly #seen = new Map<string, Seen>();
  readonly #media = new Map<string, string>();
  readonly #closed = new AbortController();
  readonly #stop: (() => void)[];
  #settling = false;
  #watchingOwners = false;

  constructor(deps: ForeignDeps) {
    this.#deps = deps;
    this.#remember();
    this.#stop = [
      deps.store.onForeignChange(() => void this.#settle()),
      deps.hub.subscribe((event) => {
        if ('creation' in event) this.#note(event.creation);
        else if (event.type === 'media.changed')
          this.#media.set(event.media.id, mediaKey(event.media));
        else if (event.type === 'media.removed') this.#media.delete(event.mediaId);
      }),
    ];
    void this.#watchOwners();
  }

  close(): void {
    this.#closed.abort();
    for (const stop of this.#stop) stop();
  }

  #remember(): void {
    const { store } = this.#deps;
    for (const creation of store.creations.list()) this.#note(creation);
    for (const media of store.media.list()) this.#media.set(media.id, mediaKey(media));
  }

  #note(creation: Creation): void {
    const before = this.#seen.get(creation.id);
    const logLines = before?.logLines ?? this.#deps.store.creations.log(creation.id).length;
    this.#seen.set(creation.id, {
      revision: creation.revision,
      state: creation.state,
      logLines,
    });
  }

  async #settle(): Promise<void> {
    if (this.#settling) return;
    this.#settling = true;
    try {
      await this.#deps.clock.sleep(SETTLE_MS, this.#closed.signal);
      this.#settling = false;
      this.#compareCreations();
      this.#compareMedia();
      this.#deps.library.recordsChanged();
      void this.#watchOwners();
    } catch (error) {
      if (!this.#closed.signal.aborted) {
        this.#deps.log.error('changes of another process could not be read', { error });
      }
    } finally {
      this.#settling = false;
    }
  }

  #compareCreations(): void {
    for (const creation of this.#deps.store.creations.list()) {
      const before = this.#seen.get(creation.id);
      if (before !== undefined && before.revision >= creation.revision) continue;
      const lines = this.#deps.store.creations.log(creation.id);
      this.#deps.hub.emit({
        type: eventType(before?.state, creation.state),
        creationId: creation.id,
        machineId: creation.machineId,
        name: creation.name,
        departmentId: creation.departmentId,
        stage: creation.stage,
        creation,
        log: lines.slice(before?.logLines ?? 0),
      });
      this.#seen.set(creation.id, {
        revision: creation.revision,
        state: creation.state,
        logLines: lines.length,
      });
    }
  }

  #compareMedia(): void {
    const { store, hub } = this.#deps;
    const items = store.media.list();
    for (const media of items) {
      if (this.#media.get(media.id) !== mediaKey(media)) hub.emit({ type: 'media.changed', media });
    }
    const present = new Set(items.map((media) => media.id));
    for (const id of [...this.#media.keys()]) {
      if (!present.has(id)) hub.emit({ type: 'media.removed', mediaId: id });
    }
  }

  /** Recovers what a process leaves that dies in the middle of a creation. */
  async #watchOwners(): Promise<void> {
    if (this.#watchingOwners) return;
    this.#watchingOwners = true;
    const { store, system, clock, creations, log } = this.#deps;
    const self = system.self().pid;
    try {
      for (;;) {
        const foreign = store.creations.open().filter((row) => row.owner.pid !== self);
        if (foreign.length === 0) return;
        await clock.sleep(OWNER_CHECK_MS, this.#closed.signal);
        if (foreign.some((row) => !system.isAlive(row.owner))) await creations.recover();
      }
    } catch (error) {
      if (!this.#closed.signal.aborted) log.error('recovery failed', { error });
    } finally {
      this.#watchingOwners = false;
    }
  }
}

function mediaKey(media: { state: string; name: string }): string {
  return `${media.state} ${media.name}`;
}

function eventType(
  before: Creation['state'] | undefined,
  now: Creation['state'],
): CreationEventType {
  if (now === 'failed') return 'vms.create_failed';
  if (now === 'cancelled') return 'vms.create_cancelled';
  if (now === 'queued') return 'vms.create_queued';
  if (before === undefined || before === 'queued') {
    return TERMINAL_CREATION_STATES.includes(now) ? 'vms.create_completed' : 'vms.create_started';
  }
  if (before !== now && (now === 'provisioning' || now === 'completed')) {
    return before === 'provisioning' ? 'vms.create_progress' : 'vms.create_completed';
  }
  return 'vms.create_progress';
}
