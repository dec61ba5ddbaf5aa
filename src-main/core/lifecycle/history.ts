import type { AuditEntry, AuditQuery } from '../../../src-contract/model/audit.ts';
import type { Metrics, MetricsQuery } from '../../../src-contract/model/metrics.ts';
import type { RecoveryOutcome } from '../creation/index.ts';
import type { Store } from '../ports/repositories.ts';
import type { Access } from './access.ts';
import { type Audit, SYSTEM_ACTOR } from './audit.ts';
import type { MetricsKeeper } from './metrics.ts';

interface HistoryDeps {
  audit: Audit;
  metrics: MetricsKeeper;
  access: Pick<Access, 'canSee'>;
  store: Pick<Store, 'departments' | 'creations'>;
}

/** What happened, as far as the person of this process may see it. */
export class History {
  readonly #deps: HistoryDeps;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
  }

  audit(query: AuditQuery): AuditEntry[] {
    const { audit, access, store } = this.#deps;
    const ids = store.departments.list().map(({ id }) => id);
    return audit.query(
      query,
      ids.filter((id) => access.canSee(id)),
    );
  }

  metrics(query: MetricsQuery): Metrics {
    return this.#deps.metrics.get(query, this.#canSee);
  }

  prometheus(): string {
    return this.#deps.metrics.prometheus(this.#canSee);
  }

  /** What became of creations whose process had died. */
  recovered(outcomes: readonly RecoveryOutcome[]): void {
    const { audit, metrics, store } = this.#deps;
    for (const { creationId, name, action } of outcomes) {
      const creation = store.creations.get(creationId)?.creation;
      audit.record({
        actor: SYSTEM_ACTOR,
        command: 'creation.recovered',
        departmentId: creation?.departmentId ?? null,
        subject: creation?.machineId ?? name,
        creationId,
        inputs: { name, action },
        outcome: action === 'kept' ? 'failed' : 'done',
        errorCode: null,
      });
    }
    metrics.catchUp();
  }

  readonly #canSee = (departmentId: string): boolean => this.#deps.access.canSee(departmentId);
}
