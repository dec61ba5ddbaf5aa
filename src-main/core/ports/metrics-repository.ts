import type { CreationMetric } from '../../../src-contract/model/metrics.ts';

export interface MetricsRepository {
  /**
   * Keeps what an ended creation took. False when it was known already: of several processes that hear of
   * the same end, one gets true.
   */
  record(metric: CreationMetric): boolean;
  has(creationId: string): boolean;
  /** Creations that ended at or after `since`, oldest first. */
  list(since: number): CreationMetric[];
  /** Forgets what ended before; how many there were. */
  prune(before: number): number;
}
