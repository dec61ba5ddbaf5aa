import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, auditQuerySchema } from '../../../src-contract/model/audit.ts';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { metric } from '../../fakes/sample-metrics.ts';
import type { StoreUnderTest } from './store-contract.ts';

/** What every Store promises of its audit and its metrics. */
export function describeHistoryContract(name: string, open: () => StoreUnderTest): void {
  describe(`the history of the Store contract on ${name}`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    beforeEach(() => {
      subject = open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    describe('the audit', () => {
      const query = (change: Record<string, unknown> = {}, seen?: string[]) =>
        store.audit.query(auditQuerySchema.parse(change), seen).map(({ id }) => id);

      it('keeps an entry with every field', () => {
        const full = entry({
          departmentId: 'lab',
          subject: 'm1',
          creationId: 'c1',
          inputs: { name: 'Büro', list: [1, null] },
          outcome: 'failed',
          errorCode: 'name_taken',
        });
        expect(store.audit.append(full)).toEqual({ id: 1, ...full });
        expect(store.audit.query(auditQuerySchema.parse({}))).toEqual([{ id: 1, ...full }]);
      });

      it('tells the newest first, page by page', () => {
        for (let n = 1; n <= 5; n += 1) store.audit.append(entry());
        expect(query({ limit: 2 })).toEqual([5, 4]);
        expect(query({ limit: 2, before: 4 })).toEqual([3, 2]);
        expect(query({ before: 1 })).toEqual([]);
      });

      it('finds a command, or all of a topic, and nothing that only begins alike', () => {
        for (const command of ['machines.start', 'machines.delete', 'machinesX', 'media.add']) {
          store.audit.append(entry({ command }));
        }
        expect(query({ command: 'machines.delete' })).toEqual([2]);
        expect(query({ command: 'machines' })).toEqual([2, 1]);
        expect(query({ command: 'm%' })).toEqual([]);
      });

      it('finds a department, and shows only what may be seen', () => {
        for (const departmentId of ['lab', 'office', null]) {
          store.audit.append(entry({ departmentId }));
        }
        expect(query({ departmentId: 'lab' })).toEqual([1]);
        expect(query({}, ['lab'])).toEqual([3, 1]);
        expect(query({ departmentId: 'office' }, ['lab'])).toEqual([]);
        expect(query({}, [])).toEqual([3]);
      });
    });

    describe('the metrics', () => {
      it('keeps what a creation took, once', () => {
        expect(store.metrics.has('c1')).toBe(false);
        expect(store.metrics.record(metric(1))).toBe(true);
        expect(store.metrics.record(metric(1, { outcome: 'failed' }))).toBe(false);
        expect(store.metrics.has('c1')).toBe(true);
        expect(store.metrics.list(0)).toEqual([metric(1)]);
      });

      it('keeps a failure that never left the queue', () => {
        const failed = metric(1, {
          outcome: 'failed',
          failedStage: 'storage',
          errorCode: 'pool_full',
          runningSeconds: null,
          stages: [],
        });
        store.metrics.record(failed);
        expect(store.metrics.list(0)).toEqual([failed]);
      });

      it('lists from a time on, oldest first, and forgets what is older', () => {
        for (const n of [3, 1, 2]) store.metrics.record(metric(n));
        expect(store.metrics.list(1002).map(({ creationId }) => creationId)).toEqual(['c2', 'c3']);
        expect(store.metrics.prune(1003)).toBe(2);
        expect(store.metrics.list(0)).toEqual([metric(3)]);
      });
    });
  });
}

function entry(change: Partial<AuditEntry> = {}): Omit<AuditEntry, 'id'> {
  return {
    at: 1,
    actor: 'ada',
    command: 'machines.start',
    departmentId: null,
    subject: null,
    creationId: null,
    inputs: {},
    outcome: 'done',
    errorCode: null,
    ...change,
  };
}
