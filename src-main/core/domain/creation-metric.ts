import { type Creation, TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import type { CreationMetric } from '../../../src-contract/model/metrics.ts';

export type AllocatedResources = Pick<
  CreationMetric,
  'vcpus' | 'memoryBytes' | 'diskBytes' | 'gpus'
>;

/** What an ended creation took; null for one that has not ended. */
export function metricOf(creation: Creation, resources: AllocatedResources): CreationMetric | null {
  const { state, endedAt, startedAt, createdAt, error } = creation;
  if (!TERMINAL_CREATION_STATES.includes(state) || endedAt === null) return null;
  const failed = state === 'failed';
  return {
    creationId: creation.id,
    templateId: creation.templateId,
    departmentId: creation.departmentId,
    outcome: failed ? 'failed' : state === 'cancelled' ? 'cancelled' : 'completed',
    failedStage: failed ? (error?.stage ?? creation.stage) : null,
    errorCode: failed ? (error?.code ?? null) : null,
    queuedSeconds: seconds(createdAt, startedAt ?? endedAt),
    runningSeconds: runningSeconds(creation),
    totalSeconds: seconds(startedAt ?? endedAt, endedAt),
    ...resources,
    stages: creation.stages.flatMap(({ stage, startedAt: from, endedAt: to }) =>
      from === null || to === null ? [] : [{ stage, seconds: seconds(from, to) }],
    ),
    endedAt,
  };
}

/** A clock that was set back makes no negative durations. */
function seconds(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}

function runningSeconds({ stages, startedAt }: Creation): number | null {
  const start = stages.find(({ stage }) => stage === 'start');
  const ran = start?.state === 'done' || start?.state === 'undone';
  if (!ran || startedAt === null || start.endedAt === null) return null;
  return seconds(startedAt, start.endedAt);
}
