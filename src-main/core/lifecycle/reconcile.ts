import type { Orphan, ReconcileReport, Removal } from '../../../src-contract/model/lifecycle.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { Clock, Log } from '../ports/system.ts';
import { type Finder, type FinderDeps, readEvidence } from './reconcile-evidence.ts';
import { findStaleFiles } from './reconcile-files.ts';
import { findLeftFiles } from './reconcile-left-files.ts';
import { findOrphanDomains, findOrphanRecords } from './reconcile-machines.ts';
import { findOrphanFilters, findOrphanNetworks } from './reconcile-networks.ts';
import { findOrphanVolumes } from './reconcile-volumes.ts';

export interface ReconcileDeps extends FinderDeps {
  clock: Clock;
  log: Log;
}

const PERIOD_MS = 6 * 60 * 60 * 1000;

const FINDERS: readonly { what: string; find: Finder }[] = [
  { what: 'domains', find: findOrphanDomains },
  { what: 'records', find: findOrphanRecords },
  { what: 'volumes', find: findOrphanVolumes },
  { what: 'network filters', find: findOrphanFilters },
  { what: 'networks', find: findOrphanNetworks },
  { what: 'files', find: findStaleFiles },
  { what: 'firmware settings and TPM states', find: findLeftFiles },
];

/**
 * Compares libvirt, the pools and the database. It shows what has no owner, and removes of that, when a person asks
 * for it, what the database proves to be this Berth's.
 */
export class Reconciler {
  readonly #deps: ReconcileDeps;
  readonly #closed = new AbortController();
  #following = false;
  #last: ReconcileReport | null = null;

  constructor(deps: ReconcileDeps) {
    this.#deps = deps;
  }

  /** The newest report; null before the first. */
  get last(): ReconcileReport | null {
    return this.#last;
  }

  /** Never rejects for one that cannot be looked at: `unseen` says so. */
  async scan(): Promise<ReconcileReport> {
    const { orphans, unseen } = await this.#find();
    const report = {
      at: this.#deps.clock.now(),
      orphans: orphans.map(({ remove: _, ...orphan }) => orphan),
      unseen,
    };
    this.#last = report;
    return report;
  }

  /** Looks again first: what is no orphan any more, or not provably ours, stays. Never rejects for a single one. */
  async remove(ids: readonly string[]): Promise<Removal[]> {
    const { orphans } = await this.#find();
    const removals: Removal[] = [];
    for (const id of ids) {
      const orphan = orphans.find((one) => one.id === id);
      if (orphan === undefined) {
        removals.push({ id, removed: false, detail: 'It is not there, or has an owner.' });
      } else removals.push(await this.#removeOne(orphan));
    }
    await this.scan();
    return removals;
  }

  /** Scans now and then on a schedule, until `close`. */
  follow(): void {
    if (this.#following) return;
    this.#following = true;
    void this.#repeat();
  }

  close(): void {
    this.#closed.abort();
  }

  async #repeat(): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        const { orphans, unseen } = await this.scan();
        if (orphans.length > 0) {
          log.warn('there are things without an owner', { orphans: orphans.map(({ id }) => id) });
        }
        if (unseen.length > 0) log.info('not everything could be compared', { unseen });
      } catch (error) {
        if (!signal.aborted) log.error('the comparison failed', { error });
      }
      await clock.sleep(PERIOD_MS, signal).catch(() => undefined);
    }
  }

  async #find() {
    const evidence = await readEvidence(this.#deps);
    const unseen: string[] = [];
    const found = await Promise.all(
      FINDERS.map(async ({ what, find }) => {
        try {
          return await find(this.#deps, evidence);
        } catch (error) {
          unseen.push(`${what}: ${toBerthError(error).message}`);
          return [];
        }
      }),
    );
    return { orphans: found.flat(), unseen };
  }

  async #removeOne({ id, remove, kept }: Orphan & { remove: (() => Promise<string>) | null }) {
    if (remove === null) return { id, removed: false, detail: kept ?? 'It is not Berth’s.' };
    try {
      const detail = await remove();
      this.#deps.log.info('an orphan was removed', { id });
      return { id, removed: true, detail };
    } catch (error) {
      this.#deps.log.error('an orphan could not be removed', { id, error });
      const { message } = error instanceof BerthError ? error : toBerthError(error);
      return { id, removed: false, detail: message };
    }
  }
}
