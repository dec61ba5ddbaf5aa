import { type Creation, TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import type { Metrics, MetricsQuery } from '../../../src-contract/model/metrics.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { type AllocatedResources, metricOf } from '../domain/creation-metric.ts';
import { summarise } from '../domain/metrics-summary.ts';
import { prometheusText } from '../domain/prometheus.ts';
import { wishOf } from '../domain/request.ts';
import type { AuditSink } from '../ports/audit-repository.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, Log } from '../ports/system.ts';
import { SYSTEM_ACTOR } from './audit.ts';
import type { Hub } from './hub.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Metrics of older creations are forgotten. A creation takes about 500 bytes. */
const KEPT_DAYS = 400;

interface MetricsDeps {
  store: Pick<Store, 'creations' | 'machines' | 'metrics'>;
  hub: Pick<Hub, 'subscribe'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  audit: AuditSink;
  templates: () => readonly Template[];
  /** How many graphics cards these machines hold. */
  gpusOf: (machineIds: readonly string[]) => number;
}

type CanSee = (departmentId: string) => boolean;
const everything: CanSee = () => true;

/**
 * Keeps what each creation took when it ends, and tells the audit of the end: exactly once, whichever process
 * hears of it, and later when the process died in between.
 */
export class MetricsKeeper {
  readonly #deps: MetricsDeps;
  readonly #unsubscribe: () => void;

  constructor(deps: MetricsDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.hub.subscribe((event) => {
      if ('creation' in event) this.#onEnd(event.creation);
    });
  }

  /** Takes in what ended unseen, and forgets what is too old. Called at start and after a recovery. */
  catchUp(): void {
    const { store, log } = this.#deps;
    const oldest = this.#since(KEPT_DAYS);
    try {
      for (const creation of store.creations.list()) {
        const isKept = creation.endedAt !== null && creation.endedAt >= oldest;
        if (isKept && !store.metrics.has(creation.id)) this.#onEnd(creation);
      }
      store.metrics.prune(oldest);
    } catch (error) {
      log.warn('the metrics could not be brought up to date', { error });
    }
  }

  /** Of the departments that the person who asks may see. */
  get({ days }: MetricsQuery, canSee: CanSee = everything): Metrics {
    const since = this.#since(days);
    const metrics = this.#deps.store.metrics.list(since);
    const seen = metrics.filter(({ departmentId }) => canSee(departmentId));
    return summarise(seen, since, this.#allocated(canSee));
  }

  /** Everything that is kept, as Prometheus reads it. */
  prometheus(canSee: CanSee = everything): string {
    const metrics = this.#deps.store.metrics.list(this.#since(KEPT_DAYS));
    const seen = metrics.filter(({ departmentId }) => canSee(departmentId));
    return prometheusText(seen, this.#allocated(canSee));
  }

  close(): void {
    this.#unsubscribe();
  }

  #since(days: number): number {
    return Math.max(0, this.#deps.clock.now() - days * DAY_MS);
  }

  /** Nothing here may disturb the creation. */
  #onEnd(creation: Creation): void {
    if (!TERMINAL_CREATION_STATES.includes(creation.state)) return;
    const { store, audit, log } = this.#deps;
    try {
      const metric = metricOf(creation, this.#resources(creation));
      if (metric === null || !store.metrics.record(metric)) return;
    } catch (error) {
      const { id: creationId, templateId, departmentId, stage } = creation;
      const subject = { creationId, templateId, departmentId, stage };
      log.warn('the metrics of a creation were not kept', { ...subject, error });
      return;
    }
    audit.record({
      actor: SYSTEM_ACTOR,
      command: `creation.${creation.state}`,
      departmentId: creation.departmentId,
      subject: creation.machineId,
      creationId: creation.id,
      inputs: { name: creation.name, templateId: creation.templateId, stage: creation.stage },
      outcome: creation.state === 'failed' ? 'failed' : 'done',
      errorCode: creation.state === 'failed' ? (creation.error?.code ?? null) : null,
    });
  }

  /** As decided, else as asked for; nothing of a creation that failed early and whose template is gone. */
  #resources({ id, input }: Creation): AllocatedResources {
    const gpus = input.gpus.length;
    const template = this.#deps.templates().find((one) => one.id === input.templateId);
    const source =
      this.#deps.store.creations.get(id)?.spec ?? (template ? wishOf(input, template) : null);
    const { vcpus = 0, memoryBytes = 0, diskBytes = 0 } = source ?? {};
    return { vcpus, memoryBytes, diskBytes, gpus };
  }

  #allocated(canSee: CanSee): Metrics['allocated'] {
    const all = this.#deps.store.machines.list();
    const machines = all.filter(({ departmentId }) => canSee(departmentId));
    const sum = (key: 'vcpus' | 'memoryBytes' | 'diskBytes') =>
      machines.reduce((total, machine) => total + machine[key], 0);
    return {
      machines: machines.length,
      vcpus: sum('vcpus'),
      memoryBytes: sum('memoryBytes'),
      diskBytes: sum('diskBytes'),
      gpus: this.#deps.gpusOf(machines.map(({ id }) => id)),
    };
  }
}
