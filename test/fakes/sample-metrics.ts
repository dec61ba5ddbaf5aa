import type { CreationMetric, Metrics } from '../../src-contract/model/metrics.ts';

export const ALLOCATED: Metrics['allocated'] = {
  machines: 3,
  vcpus: 6,
  memoryBytes: 12 * 1024 ** 3,
  diskBytes: 60 * 1024 ** 3,
  gpus: 1,
};

/** What a completed creation took. */
export function metric(n: number, change: Partial<CreationMetric> = {}): CreationMetric {
  return {
    creationId: `c${n}`,
    templateId: 'tryout',
    departmentId: 'personal',
    outcome: 'completed',
    failedStage: null,
    errorCode: null,
    queuedSeconds: 0.25,
    runningSeconds: 2.5,
    totalSeconds: 12,
    vcpus: 2,
    memoryBytes: 1024 ** 3,
    diskBytes: 20 * 1024 ** 3,
    gpus: 0,
    stages: [{ stage: 'storage', seconds: 1.5 }],
    endedAt: 1000 + n,
    ...change,
  };
}
