import type { CreationMetric, Metrics } from '../../../src-contract/model/metrics.ts';

/** Seconds; machines from an image run within some, an installation takes up to an hour. */
const BUCKETS = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

type Labels = Record<string, string>;
type Sample = { name: string; labels: Labels; value: number };
type Family = { type: 'counter' | 'gauge' | 'histogram'; help: string };

const FAMILIES: Record<string, Family> = {
  berth_creations_total: { type: 'counter', help: 'Creations that have ended.' },
  berth_creation_failures_total: {
    type: 'counter',
    help: 'Creations that have failed, by the stage and the code of their error.',
  },
  berth_creation_duration_seconds: {
    type: 'histogram',
    help: 'From leaving the queue to a ready guest, of completed creations.',
  },
  berth_creation_running_seconds: {
    type: 'histogram',
    help: 'From leaving the queue until the domain ran.',
  },
  berth_creation_queued_seconds: { type: 'histogram', help: 'Time in the queue.' },
  berth_creation_stage_duration_seconds: {
    type: 'histogram',
    help: 'Time of one stage, of completed creations.',
  },
  berth_machines: { type: 'gauge', help: 'Machines, running or not.' },
  berth_allocated_vcpus: { type: 'gauge', help: 'Virtual CPUs of all machines.' },
  berth_allocated_memory_bytes: { type: 'gauge', help: 'Memory of all machines.' },
  berth_allocated_disk_bytes: { type: 'gauge', help: 'Virtual disk size of all machines.' },
  berth_allocated_gpus: { type: 'gauge', help: 'Graphics cards passed through to machines.' },
};

/**
 * The text exposition format 0.0.4, as Prometheus' node exporter reads it from its textfile folder
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Counters cover what is still kept.
 */
export function prometheusText(
  metrics: readonly CreationMetric[],
  allocated: Metrics['allocated'],
): string {
  const samples: Record<string, Sample[]> = {
    berth_creations_total: counts(metrics, 'berth_creations_total', (one) => ({
      template: one.templateId,
      outcome: one.outcome,
    })),
    berth_creation_failures_total: counts(
      metrics.filter(({ outcome }) => outcome === 'failed'),
      'berth_creation_failures_total',
      (one) => ({ stage: one.failedStage ?? '', code: one.errorCode ?? '' }),
    ),
    ...histograms(metrics),
    berth_machines: gauge('berth_machines', allocated.machines),
    berth_allocated_vcpus: gauge('berth_allocated_vcpus', allocated.vcpus),
    berth_allocated_memory_bytes: gauge('berth_allocated_memory_bytes', allocated.memoryBytes),
    berth_allocated_disk_bytes: gauge('berth_allocated_disk_bytes', allocated.diskBytes),
    berth_allocated_gpus: gauge('berth_allocated_gpus', allocated.gpus),
  };
  return Object.entries(FAMILIES)
    .flatMap(([name, { type, help }]) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...(samples[name] ?? []).map(line),
    ])
    .map((text) => `${text}\n`)
    .join('');
}

function histograms(metrics: readonly CreationMetric[]): Record<string, Sample[]> {
  const done = metrics.filter(({ outcome }) => outcome === 'completed');
  const ofTemplate = (name: string, read: (one: CreationMetric) => number | null) =>
    histogram(
      name,
      metrics.flatMap((one) => {
        const value = read(one);
        return value === null ? [] : [{ labels: { template: one.templateId }, value }];
      }),
    );
  return {
    berth_creation_duration_seconds: ofTemplate('berth_creation_duration_seconds', (one) =>
      one.outcome === 'completed' ? one.totalSeconds : null,
    ),
    berth_creation_running_seconds: ofTemplate(
      'berth_creation_running_seconds',
      (one) => one.runningSeconds,
    ),
    berth_creation_queued_seconds: ofTemplate(
      'berth_creation_queued_seconds',
      (one) => one.queuedSeconds,
    ),
    berth_creation_stage_duration_seconds: histogram(
      'berth_creation_stage_duration_seconds',
      done.flatMap(({ stages }) =>
        stages.map(({ stage, seconds }) => ({ labels: { stage }, value: seconds })),
      ),
    ),
  };
}

const gauge = (name: string, value: number): Sample[] => [{ name, labels: {}, value }];

function counts(
  metrics: readonly CreationMetric[],
  name: string,
  labelsOf: (one: CreationMetric) => Labels,
): Sample[] {
  const groups = [...Map.groupBy(metrics, (one) => JSON.stringify(labelsOf(one))).values()];
  return groups.flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ name, labels: labelsOf(first), value: group.length }];
  });
}

function histogram(name: string, values: { labels: Labels; value: number }[]): Sample[] {
  return [...Map.groupBy(values, ({ labels }) => JSON.stringify(labels)).values()].flatMap((of) => {
    const labels = of[0]?.labels ?? {};
    const within = (limit: number) => of.filter(({ value }) => value <= limit).length;
    const buckets = [...BUCKETS, Number.POSITIVE_INFINITY].map((limit) => ({
      name: `${name}_bucket`,
      labels: { ...labels, le: number(limit) },
      value: within(limit),
    }));
    const sum = of.reduce((total, { value }) => total + value, 0);
    return [
      ...buckets,
      { name: `${name}_sum`, labels, value: sum },
      { name: `${name}_count`, labels, value: of.length },
    ];
  });
}

function line({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number(value)}`;
}

function number(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+Inf' : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
