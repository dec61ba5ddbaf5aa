import { Select } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { Metrics } from '../../../src-contract/model/metrics.ts';
import { metrics as askMetrics } from '../../bridge/commands.ts';
import { stageLabel } from '../../store/labels.ts';
import { useBerth } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatBytes, formatDuration } from '../../ui/format.ts';
import { Bars } from './Bars.tsx';
import { ExportButton } from './ExportButton.tsx';
import { useAnswer } from './use-answer.ts';

const PERIODS = [
  { value: '7', label: 'Last 7 days' },
  { value: '90', label: 'Last 90 days' },
  { value: '400', label: 'All that is kept' },
];

type Outcomes = Pick<Metrics['totals'], 'completed' | 'failed' | 'cancelled'>;

const seconds = (value: number | null) => (value === null ? '–' : formatDuration(value * 1000));

/** A cancelled creation is neither a success nor a failure. */
function successRate({ completed, failed }: Outcomes): number | null {
  return completed + failed === 0 ? null : completed / (completed + failed);
}

const percent = (rate: number | null) => (rate === null ? '–' : `${Math.round(rate * 100)} %`);

function Totals({ totals, allocated }: Pick<Metrics, 'totals' | 'allocated'>) {
  const cards = [
    ['Completed', String(totals.completed)],
    ['Failed', String(totals.failed)],
    ['Cancelled', String(totals.cancelled)],
    ['Success', percent(successRate(totals))],
    ['Median time', seconds(totals.median)],
    ['9 of 10 within', seconds(totals.p90)],
    ['Machines', String(allocated.machines)],
    ['CPUs given', String(allocated.vcpus)],
    ['Memory given', formatBytes(allocated.memoryBytes)],
    ['Disk given', formatBytes(allocated.diskBytes)],
  ];
  return (
    <dl className="totals card card-pad">
      {cards.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Charts({ metrics }: { metrics: Metrics }) {
  const templates = useBerth((state) => state.templates);
  const nameOf = (id: string) => templates.find((template) => template.id === id)?.name ?? id;
  const failures = metrics.byStage.filter(({ failures: count }) => count > 0);
  return (
    <div className="charts">
      <section className="card card-pad" aria-label="Success by week">
        <Bars
          caption="Success by week"
          measure="Completed of ended"
          bars={metrics.byWeek.map((one) => ({
            label: one.week,
            value: successRate(one),
            text: `${percent(successRate(one))} (${one.completed} of ${one.completed + one.failed})`,
            tone: 'good',
          }))}
        />
      </section>
      <section className="card card-pad" aria-label="Time by template">
        <Bars
          caption="Median time by template"
          measure="Median and 90 %"
          bars={metrics.byTemplate.map((one) => ({
            label: nameOf(one.templateId),
            value: one.median,
            text: `${seconds(one.median)}, 9 of 10 within ${seconds(one.p90)}`,
          }))}
        />
      </section>
      <section className="card card-pad" aria-label="Time by stage">
        <Bars
          caption="Median time by stage"
          measure="Median"
          bars={metrics.byStage.map((one) => ({
            label: stageLabel(one.stage),
            value: one.median,
            text: seconds(one.median),
          }))}
        />
      </section>
      <section className="card card-pad" aria-label="Failures by stage">
        {failures.length === 0 ? <p className="muted">No creation has failed.</p> : null}
        <Bars
          caption="Failures by stage"
          measure="Failures"
          bars={failures.map((one) => ({
            label: stageLabel(one.stage),
            value: one.failures,
            text: String(one.failures),
            tone: 'bad',
          }))}
        />
      </section>
    </div>
  );
}

function Content({ metrics }: { metrics: Metrics }) {
  const { completed, failed, cancelled } = metrics.totals;
  if (completed + failed + cancelled === 0) {
    return (
      <EmptyState icon={<IconChartBar size={36} stroke={1.6} />} title="Nothing to measure yet">
        When creations have ended, this shows how long they took and how many succeeded.
      </EmptyState>
    );
  }
  return (
    <>
      <Totals {...metrics} />
      <Charts metrics={metrics} />
    </>
  );
}

/** How long creations take and where they fail. */
export function MetricsPanel() {
  const [days, setDays] = useState('90');
  const ask = useCallback(() => askMetrics({ days: Number(days) }), [days]);
  const { value, error } = useAnswer(ask);
  return (
    <div className="activity-panel" data-testid="metrics">
      <div className="activity-tools">
        <Select
          aria-label="Period"
          data={PERIODS}
          value={days}
          allowDeselect={false}
          onChange={(chosen) => setDays(chosen ?? '90')}
        />
        {value ? <ExportButton value={value} what="metrics" /> : null}
      </div>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      {value ? <Content metrics={value} /> : null}
    </div>
  );
}
