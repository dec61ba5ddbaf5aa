import type { Undone } from '../../../src-contract/model/creation.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import type { Stage as StageName } from '../../../src-contract/model/stage.ts';
import type { MachinePaths, MachineSpec } from '../domain/machine-spec.ts';
import type { Wish } from '../domain/request.ts';
import { BerthError } from '../errors.ts';
import type { Effect, JournalEntry, MachineVolume } from '../ports/repositories.ts';
import type { Connection } from './connection.ts';
import type { Facts } from './facts.ts';
import type { GuestSecrets } from './guest-secrets.ts';
import type { GuestLines } from './guest-stream.ts';
import type { Progress } from './progress.ts';
import type { CreationRecord } from './record.ts';
import type { Identity } from './resolve.ts';
import type { CreationDeps } from './service.ts';

/** What all creations of this process share. */
export interface Shared {
  deps: CreationDeps;
  connection: Connection;
  /** Set once a start failed on KVM; later machines are emulated. */
  kvmFailure: string | null;
}

/** What the stages of one creation hand on to each other. */
export interface StageContext {
  readonly shared: Shared;
  readonly deps: CreationDeps;
  readonly record: CreationRecord;
  readonly identity: Identity;
  /** Null when the creation was taken over and its template is gone; only the build stages need it. */
  readonly wish: Wish | null;
  readonly user: string | null;
  /** Calls with outside effects that are under way. */
  readonly pending: Set<Promise<unknown>>;
  facts: Facts | null;
  /** Whether all checks have passed on these facts. */
  factsChecked: boolean;
  secrets: GuestSecrets;
  spec: MachineSpec | null;
  image: Media | null;
  /** The medium with virtio drivers. */
  drivers: Media | null;
  seed: { bytes: Uint8Array } | null;
  /** What `directBoot` starts. */
  boot: { kernel: Uint8Array[]; initrd: Uint8Array[] } | null;
  paths: MachinePaths;
  domainXml: string | null;
  /** The guest's progress port, opened before the guest runs. `close` ends it. */
  channel: GuestLines | null;
  /** Taken over from a process that has died: lines of the guest may have been missed. */
  adopted: boolean;
  /** The installer has told that it has finished. */
  installed: boolean;
  /** The guest has no more to say: its system is there. */
  finished: boolean;
}

/** A named part of a creation. `undo` works from the journal alone: the process that ran `run` may be dead. */
export interface Stage {
  readonly name: StageName;
  /** Asked when the stage has already been done once; true = do it again. */
  stale?(ctx: StageContext): boolean;
  run(ctx: StageContext, progress: Progress): Promise<void> | void;
  undo(entry: JournalEntry, ctx: UndoContext): Promise<Undone>;
}

interface UndoContext {
  deps: CreationDeps;
  signal: AbortSignal;
}

/** A value that an earlier stage must have left. */
export function need<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`an earlier stage left no ${what}`);
  return value;
}

const COLLISIONS = new Set(['volume_exists', 'domain_exists', 'filter_exists']);

/** Records the intent, acts, marks it done. */
export async function effect<T>(
  ctx: StageContext,
  progress: Progress,
  stage: StageName,
  what: Effect,
  call: () => Promise<T>,
): Promise<T> {
  progress.signal.throwIfAborted();
  const { journal } = ctx.deps.store;
  const entry = journal.intend(ctx.identity.creationId, stage, what);
  try {
    const result = await progress.act(call);
    journal.mark(entry, 'done');
    return result;
  } catch (error) {
    // What was there before is somebody else's: it must not be undone.
    if (error instanceof BerthError && COLLISIONS.has(error.code)) journal.mark(entry, 'undone');
    throw error;
  }
}

export function addVolume(ctx: StageContext, volume: MachineVolume): void {
  ctx.deps.store.machines.addVolume(ctx.identity.machineId, volume);
}
