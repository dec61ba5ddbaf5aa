import { TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import type { Orphan } from '../../../src-contract/model/lifecycle.ts';
import { undoEffect } from '../creation/index.ts';
import { BerthError } from '../errors.ts';
import type { DomainFacts, Hypervisor } from '../ports/hypervisor.ts';
import type { Effect, JournalEntry, MachineRecord, Store } from '../ports/repositories.ts';
import type { StaleFiles } from '../ports/stale-files.ts';

export interface FinderDeps {
  hypervisor: Hypervisor;
  store: Store;
  /** Berth's own pool. */
  pool: string;
  staleFiles: StaleFiles;
  /** See `createDeleter`. */
  deleteMachine(machineId: string): Promise<void>;
}

/** An orphan, and how it is removed; null = it is not ours to remove. `remove` says what is gone. */
export type Found = Orphan & { remove: (() => Promise<string>) | null };

export type Finder = (deps: FinderDeps, evidence: Evidence) => Promise<Found[]>;

/** What the database knows, and which domains there are. */
export interface Evidence {
  records: MachineRecord[];
  domains: DomainFacts[];
  /** Creations that have not ended: what they made has an owner. */
  open: ReadonlySet<string>;
  /** What ended creations of this database made and nobody has undone. */
  journal: JournalEntry[];
}

/** Read before anything is looked for, so that what is made meanwhile is not taken for an orphan. */
export async function readEvidence({ store, hypervisor }: FinderDeps): Promise<Evidence> {
  const domains = await hypervisor.listDomains();
  const open = new Set(store.creations.open().map(({ creation }) => creation.id));
  return {
    records: store.machines.list(),
    domains,
    open,
    journal: store.journal.remaining().filter(({ creationId }) => !open.has(creationId)),
  };
}

/** Whether a creation of this database has ended; one that is not known proves nothing. */
export function hasEnded({ store }: FinderDeps, creationId: string): boolean {
  const row = store.creations.get(creationId);
  return row !== null && TERMINAL_CREATION_STATES.includes(row.creation.state);
}

/** Undoes an effect that the journal proves, and marks it. Rejects with `not_removed` when it stays. */
export async function removeEffect(
  deps: FinderDeps,
  effect: Effect,
  entry: JournalEntry | undefined,
): Promise<string> {
  const undone = await undoEffect(effect, deps);
  if (!undone.verified) {
    throw new BerthError('not_removed', undone.detail ?? `${undone.name} was left alone.`);
  }
  if (entry !== undefined) deps.store.journal.mark(entry.id, 'undone');
  return `${undone.kind} ${undone.name} is gone.`;
}

export const FOREIGN =
  'No record of this database shows that this Berth made it; another Berth or another tool may need it.';
