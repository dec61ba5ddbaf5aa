import type { AuditEntry } from '../../src-contract/model/audit.ts';
import type { CreationMetric } from '../../src-contract/model/metrics.ts';
import type { Store } from '../../src-main/core/ports/repositories.ts';

/** The audit and the metrics of a fake database. */
export class FakeHistory {
  readonly audit: AuditEntry[] = [];
  readonly metrics = new Map<string, CreationMetric>();
}

type Read = <T>(value: T) => T;
type Write = <T>(method: string, act: () => T) => T;

export function fakeAudit({ audit }: FakeHistory, read: Read, write: Write): Store['audit'] {
  const isOf = (command: string, wanted: string) =>
    command === wanted || command.startsWith(`${wanted}.`);
  return {
    append: (entry) =>
      write('audit.append', () => {
        const full = { id: audit.length + 1, ...structuredClone(entry) };
        audit.push(full);
        return full;
      }),
    query: ({ limit, before, departmentId, command }, seen) =>
      read(
        audit
          .toReversed()
          .filter((entry) => before === undefined || entry.id < before)
          .filter((entry) => departmentId === undefined || entry.departmentId === departmentId)
          .filter((entry) => command === undefined || isOf(entry.command, command))
          .filter(
            (entry) =>
              seen === undefined ||
              entry.departmentId === null ||
              seen.includes(entry.departmentId),
          )
          .slice(0, limit),
      ),
  };
}

export function fakeMetrics({ metrics }: FakeHistory, read: Read, write: Write): Store['metrics'] {
  return {
    record: (metric) =>
      write('metrics.record', () => {
        if (metrics.has(metric.creationId)) return false;
        metrics.set(metric.creationId, structuredClone(metric));
        return true;
      }),
    has: (creationId) => read(metrics.has(creationId)),
    list: (since) =>
      read(
        [...metrics.values()]
          .filter(({ endedAt }) => endedAt >= since)
          .sort((a, b) => a.endedAt - b.endedAt || (a.creationId < b.creationId ? -1 : 1)),
      ),
    prune: (before) =>
      write('metrics.prune', () => {
        const old = [...metrics.values()].filter(({ endedAt }) => endedAt < before);
        for (const { creationId } of old) metrics.delete(creationId);
        return old.length;
      }),
  };
}
