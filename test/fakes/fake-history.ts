import type { AuditEntry } from '../../src-contract/model/audit.ts';
import type { CreationMetric } from '../../src-contract/model/metrics.ts';
import type { Store } from '../../src-main/core/ports/repositories.ts';

/** The audit and the metrics of a fake database. */
export class FakeHistory {
  readonly audit: AuditEntry[] = [];
  readonly metrics = new Map<string, CreationMetric>();
}

/** Asked at each use: the store has its database only when it is built. */
type History = () => FakeHistory;
type Read = <T>(value: T) => T;
type Write = <T>(method: string, act: () => T) => T;

export function fakeAudit(history: History, read: Read, write: Write): Store['audit'] {
  const isOf = (command: string, wanted: string) =>
    command === wanted || command.startsWith(`${wanted}.`);
  return {
    append: (entry) =>
      write('audit.append', () => {
        const { audit } = history();
        const full = { id: audit.length + 1, ...structuredClone(entry) };
        audit.push(full);
        return full;
      }),
    query: ({ limit, before, departmentId, command }, seen) =>
      read(
        history()
          .audit.toReversed()
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

export function fakeMetrics(history: History, read: Read, write: Write): Store['metrics'] {
  return {
    record: (metric) =>
      write('metrics.record', () => {
        const { metrics } = history();
        if (metrics.has(metric.creationId)) return false;
        metrics.set(metric.creationId, structuredClone(metric));
        return true;
      }),
    has: (creationId) => read(history().metrics.has(creationId)),
    list: (since) =>
      read(
        [...history().metrics.values()]
          .filter(({ endedAt }) => endedAt >= since)
          .sort((a, b) => a.endedAt - b.endedAt || (a.creationId < b.creationId ? -1 : 1)),
      ),
    prune: (before) =>
      write('metrics.prune', () => {
        const { metrics } = history();
        const old = [...metrics.values()].filter(({ endedAt }) => endedAt < before);
        for (const { creationId } of old) metrics.delete(creationId);
        return old.length;
      }),
  };
}
