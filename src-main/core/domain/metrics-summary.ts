import type { CreationMetric, Metrics } from '../../../src-contract/model/metrics.ts';
import { STAGES } from '../../../src-contract/model/stage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Success, failures and durations of ended creations, by template, ISO week and stage. */
export function summarise(
  metrics: readonly CreationMetric[],
  since: number,
  allocated: Metrics['allocated'],
): Metrics {
  const byTemplate = [...Map.groupBy(metrics, ({ templateId }) => templateId)];
  const byWeek = [...Map.groupBy(metrics, ({ endedAt }) => isoWeek(endedAt))];
  return {
    since,
    totals: figures(metrics),
    byTemplate: byTemplate
      .map(([templateId, of]) => ({ templateId, ...figures(of) }))
      .sort((a, b) => (a.templateId < b.templateId ? -1 : 1)),
    byWeek: byWeek
      .map(([week, of]) => ({ week, ...figures(of) }))
      .sort((a, b) => (a.week < b.week ? -1 : 1)),
    byStage: stageFigures(metrics),
    allocated,
  };
}

function figures(metrics: readonly CreationMetric[]) {
  const count = (outcome: CreationMetric['outcome']) =>
    metrics.filter((one) => one.outcome === outcome).length;
  const took = metrics.filter((one) => one.outcome === 'completed').map((one) => one.totalSeconds);
  return {
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    ...percentiles(took),
  };
}

function stageFigures(metrics: readonly CreationMetric[]): Metrics['byStage'] {
  return STAGES.flatMap((stage) => {
    const failures = metrics.filter((one) => one.failedStage === stage).length;
    const took = metrics
      .filter(({ outcome }) => outcome === 'completed')
      .flatMap(({ stages }) => stages.filter((one) => one.stage === stage))
      .map((one) => one.seconds);
    return took.length === 0 && failures === 0 ? [] : [{ stage, ...percentiles(took), failures }];
  });
}

/** By the nearest-rank method: each is one of the values. Null without any. */
function percentiles(values: readonly number[]): { median: number | null; p90: number | null } {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? null;
  return { median: rank(50), p90: rank(90) };
}

/** Such as `2026-W48`, in UTC: weeks begin on Monday, and belong to the year that their Thursday is in (ISO 8601). */
export function isoWeek(at: number): string {
  const midnight = Math.floor(at / DAY_MS) * DAY_MS;
  const daysAfterMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  const thursday = midnight + (3 - daysAfterMonday) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
