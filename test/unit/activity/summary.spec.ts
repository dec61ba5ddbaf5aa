import { describe, expect, it } from 'vitest';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { STAGES } from '../../../src-contract/model/stage.ts';
import { metricOf } from '../../../src-main/core/domain/creation-metric.ts';
import { isoWeek, summarise } from '../../../src-main/core/domain/metrics-summary.ts';
import { prometheusText } from '../../../src-main/core/domain/prometheus.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { ALLOCATED, metric } from '../../fakes/sample-metrics.ts';

const RESOURCES = { vcpus: 2, memoryBytes: 4096, diskBytes: 8192, gpus: 1 };

describe('metricOf', () => {
  const creation = (change: Partial<Creation>): Creation => ({
    id: 'c1',
    machineId: 'm1',
    name: 'one',
    templateId: 'image',
    departmentId: 'lab',
    state: 'completed',
    stage: 'ready',
    stages: STAGES.map((stage) => ({
      stage,
      state: 'pending' as const,
      startedAt: null,
      endedAt: null,
      progress: null,
      message: null,
    })),
    input: { ...inputDefaults, templateId: 'image', name: 'one' },
    hasSecret: false,
    notes: [],
    error: null,
    undone: [],
    cancelRequested: false,
    waitingFor: null,
    queuePlace: null,
    applications: [],
    createdAt: 1000,
    startedAt: 3000,
    endedAt: 13_000,
    revision: 1,
    ...change,
  });
  const withStart = (state: 'done' | 'undone' | 'failed') =>
    creation({}).stages.map((one) =>
      one.stage === 'start' ? { ...one, state, startedAt: 4000, endedAt: 5500 } : one,
    );

  it('measures queue, domain, end and stages in seconds', () => {
    expect(metricOf(creation({ stages: withStart('done') }), RESOURCES)).toEqual({
      creationId: 'c1',
      templateId: 'image',
      departmentId: 'lab',
      outcome: 'completed',
      failedStage: null,
      errorCode: null,
      queuedSeconds: 2,
      runningSeconds: 2.5,
      totalSeconds: 10,
      ...RESOURCES,
      stages: [{ stage: 'start', seconds: 1.5 }],
      endedAt: 13_000,
    });
  });

  it('names stage and code of a failure', () => {
    const error = { code: 'pool_full', message: 'Full', retryable: true };
    const failed = (change: Partial<Creation>) =>
      metricOf(creation({ state: 'failed', stage: 'storage', ...change }), RESOURCES);
    expect(failed({ error: { ...error, stage: 'media' } })).toMatchObject({
      outcome: 'failed',
      failedStage: 'media',
      errorCode: 'pool_full',
    });
    expect(failed({ error })).toMatchObject({ failedStage: 'storage' });
    expect(failed({ stages: withStart('failed') })?.runningSeconds).toBeNull();
    expect(failed({ stages: withStart('undone') })?.runningSeconds).toBe(2.5);
  });

  it('counts a creation that was cancelled in the queue as waiting only', () => {
    const error = { code: 'cancelled', message: 'Cancelled', retryable: false };
    const cancelled = creation({ state: 'cancelled', startedAt: null, error });
    expect(metricOf(cancelled, RESOURCES)).toMatchObject({
      outcome: 'cancelled',
      failedStage: null,
      errorCode: null,
      queuedSeconds: 12,
      runningSeconds: null,
      totalSeconds: 0,
    });
  });

  it('has no negative times when the clock was set back', () => {
    const early = creation({ createdAt: 9000, startedAt: 5000, endedAt: 4000 });
    expect(metricOf(early, RESOURCES)).toMatchObject({ queuedSeconds: 0, totalSeconds: 0 });
  });

  it.each(['queued', 'running', 'provisioning', 'rolling-back'] as const)(
    'is nothing for one that is %s',
    (state) => expect(metricOf(creation({ state, endedAt: null }), RESOURCES)).toBeNull(),
  );
});

describe('isoWeek', () => {
  // From ISO 8601: 4 January is always in week 01, and the year is that of the week's Thursday.
  it.each([
    ['2026-11-24', '2026-W48'],
    ['2026-01-04', '2026-W01'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2024-12-30', '2025-W01'],
    ['2021-01-03', '2020-W53'],
    ['2028-02-29', '2028-W09'],
  ])('puts %s into %s', (day, week) => {
    expect(isoWeek(Date.parse(`${day}T00:00:00Z`))).toBe(week);
    expect(isoWeek(Date.parse(`${day}T23:59:59.999Z`))).toBe(week);
  });
});

describe('summarise', () => {
  it('is empty without creations', () => {
    expect(summarise([], 5, ALLOCATED)).toEqual({
      since: 5,
      totals: { completed: 0, failed: 0, cancelled: 0, median: null, p90: null },
      byTemplate: [],
      byWeek: [],
      byStage: [],
      allocated: ALLOCATED,
    });
  });

  it('takes percentiles by nearest rank, of completed creations only', () => {
    const metrics = [
      ...Array.from({ length: 10 }, (_, n) => metric(n, { totalSeconds: n + 1 })),
      metric(11, { outcome: 'failed', failedStage: 'storage', totalSeconds: 1000 }),
      metric(12, { outcome: 'cancelled', totalSeconds: 2000 }),
    ];
    const { totals } = summarise(metrics, 0, ALLOCATED);
    expect(totals).toEqual({ completed: 10, failed: 1, cancelled: 1, median: 5, p90: 9 });
  });

  it('groups by template and week in their order', () => {
    const week = Date.parse('2026-11-24');
    const metrics = [
      metric(1, { templateId: 'tryout', endedAt: week }),
      metric(2, { templateId: 'image', endedAt: week, totalSeconds: 3 }),
      metric(3, { templateId: 'image', endedAt: week - 7 * 86_400_000, outcome: 'failed' }),
    ];
    const { byTemplate, byWeek } = summarise(metrics, 0, ALLOCATED);
    expect(byTemplate.map((one) => [one.templateId, one.completed, one.failed])).toEqual([
      ['image', 1, 1],
      ['tryout', 1, 0],
    ]);
    expect(byTemplate[0]?.median).toBe(3);
    expect(byWeek.map((one) => [one.week, one.completed, one.failed])).toEqual([
      ['2026-W47', 0, 1],
      ['2026-W48', 2, 0],
    ]);
  });

  it('lists the stages that ran or failed, in their order', () => {
    const metrics = [
      metric(1, {
        stages: [
          { stage: 'start', seconds: 4 },
          { stage: 'media', seconds: 1 },
        ],
      }),
      metric(2, { outcome: 'failed', failedStage: 'network', stages: [] }),
    ];
    expect(summarise(metrics, 0, ALLOCATED).byStage).toEqual([
      { stage: 'media', median: 1, p90: 1, failures: 0 },
      { stage: 'network', median: null, p90: null, failures: 1 },
      { stage: 'start', median: 4, p90: 4, failures: 0 },
    ]);
  });
});

describe('prometheusText', () => {
  // The grammar of the format: a comment, or a name with labels and a value.
  const LINE =
    /^(?:# (?:HELP|TYPE) [a-z_]+ .+|([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)+)\})? (\d+(?:\.\d+)?))$/;

  it('is made of lines of the format, also with names that need an escape', () => {
    const metrics = [metric(1, { templateId: 'a"b\\c\nd' }), metric(2, { outcome: 'cancelled' })];
    const lines = prometheusText(metrics, ALLOCATED).split('\n');
    expect(lines.pop()).toBe('');
    for (const line of lines) expect(line).toMatch(LINE);
    expect(lines).toContain(
      'berth_creations_total{template="a\\"b\\\\c\\nd",outcome="completed"} 1',
    );
  });

  it('counts outcomes and failures', () => {
    const failed = {
      outcome: 'failed',
      failedStage: 'storage',
      errorCode: 'pool_full',
    } as const;
    const text = prometheusText([metric(1), metric(2, failed), metric(3, failed)], ALLOCATED);
    expect(text).toContain('berth_creations_total{template="tryout",outcome="completed"} 1\n');
    expect(text).toContain('berth_creations_total{template="tryout",outcome="failed"} 2\n');
    expect(text).toContain('berth_creation_failures_total{stage="storage",code="pool_full"} 2\n');
  });

  it('has cumulative buckets that end at infinity with the count', () => {
    const metrics = [1, 4, 7000].map((totalSeconds, n) => metric(n, { totalSeconds }));
    const text = prometheusText(metrics, ALLOCATED);
    const bucket = (le: string) =>
      `berth_creation_duration_seconds_bucket{template="tryout",le="${le}"}`;
    expect(text).toContain(`${bucket('1')} 1\n`);
    expect(text).toContain(`${bucket('2.5')} 1\n`);
    expect(text).toContain(`${bucket('5')} 2\n`);
    expect(text).toContain(`${bucket('3600')} 2\n`);
    expect(text).toContain(`${bucket('+Inf')} 3\n`);
    expect(text).toContain('berth_creation_duration_seconds_sum{template="tryout"} 7005\n');
    expect(text).toContain('berth_creation_duration_seconds_count{template="tryout"} 3\n');
  });

  it('names each family once, with its type, also when it has no value yet', () => {
    const text = prometheusText([], ALLOCATED);
    expect(text.match(/^# TYPE berth_creation_duration_seconds histogram$/gm)).toHaveLength(1);
    expect(text).toContain('# TYPE berth_machines gauge\nberth_machines 3\n');
    expect(text).toContain('berth_allocated_memory_bytes 12884901888\n');
  });
});
