import type { Application } from '../../../src-contract/model/application.ts';
import type { CreateRequest, ManyStarted } from '../../../src-contract/model/create-request.ts';
import type { Creation, LogLine, Undone } from '../../../src-contract/model/creation.ts';
import type { Plan } from '../../../src-contract/model/plan.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import type { EventSink } from '../ports/event-sink.ts';
import type { HostFacts, Hypervisor } from '../ports/hypervisor.ts';
import type { MediaBuilder } from '../ports/media-builder.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, GuardedLog, Ids, Secrets, SystemFacts } from '../ports/system.ts';

export interface CreationDeps {
  hypervisor: Hypervisor;
  store: Store;
  media: MediaBuilder;
  secrets: Secrets;
  system: SystemFacts;
  clock: Clock;
  ids: Ids;
  log: GuardedLog;
  events: EventSink;
  templates: () => readonly Template[];
  /** The catalogue of what guests can install at their first boot. */
  applications: () => readonly Application[];
  /** Facts of the connected host; rejects with `libvirt_unreachable`, `libvirt_denied` … when there is no connection. */
  hostFacts: (signal?: AbortSignal) => Promise<HostFacts>;
  /** Called whenever a machine's record was inserted, changed or removed here. */
  machineChanged: (machineId: string) => void;
  config: CreationConfig;
}

export interface CreationConfig {
  /** Directory pool for everything that Berth makes. */
  pool: string;
  /** Creations that run at once, in all processes together. */
  slots: number;
  /** All machines together may have this many times the host's memory. */
  memoryOvercommit: number;
  /** Whose memory counts: of machines that run, or of all that are defined. */
  memoryCounts: 'running' | 'defined';
  /** Whether `recover` goes on with what waited in the queue of a dead process, or undoes it. */
  resumesQueued: boolean;
  /** How displays listen: `socket` where this process may open QEMU's sockets, else `loopback`. */
  graphicsListen: 'socket' | 'loopback';
}

/** What recovery did with a creation whose process is gone. */
export interface RecoveryOutcome {
  creationId: string;
  name: string;
  action: 'undone' | 'adopted' | 'resumed' | 'kept';
  undone: Undone[];
}

/** The public face of core/creation. */
export interface CreationService {
  /** The receipt of `count` machines. Has no side effect; of `password` only matters whether there is one. */
  plan(request: CreateRequest, signal?: AbortSignal, count?: number): Promise<Plan>;
  /**
   * Checks, reserves in one transaction and queues; resolves before anything outside the database exists.
   * Throws the first error finding as a BerthError (`name_taken`, `disk_space`, …).
   */
  start(request: CreateRequest): Promise<{ creationId: string; machineId: string }>;
  /** Starts machines `name-1`, `name-2` …, skipping names that are taken; what is refused does not stop the others. */
  startMany(request: CreateRequest, count: number): Promise<ManyStarted>;
  /** Asks for cancellation; resolves once it is recorded. The undo is told by events. */
  cancel(creationId: string): Promise<void>;
  retry(
    creationId: string,
    request?: CreateRequest,
  ): Promise<{ creationId: string; machineId: string }>;
  get(creationId: string): Creation;
  list(): Creation[];
  log(creationId: string): LogLine[];
  dismiss(creationId: string): void;
  /**
   * `running`: the domain runs or the creation ended; `ready`: the guest is ready or the creation ended.
   * Resolves with the state `rolling-back` when the undoing cannot go on for now, such as without libvirt;
   * it goes on with the next connection, with `recover`, or in the next process.
   */
  settled(creationId: string, until: 'running' | 'ready', signal?: AbortSignal): Promise<Creation>;
  /** Undoes or adopts every open creation whose process is dead. */
  recover(): Promise<RecoveryOutcome[]>;
  /** Stops watching guests; running creations are left to `recover`. Resolves when nothing runs any more. */
  close(): Promise<void>;
}
