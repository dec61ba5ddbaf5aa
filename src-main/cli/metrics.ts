import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Metrics } from '../../src-contract/model/metrics.ts';
import { BerthError } from '../core/errors.ts';
import type { Output } from './output.ts';
import { EXIT, type GlobalOptions, withBerth } from './session.ts';
import { formatSize } from './sizes.ts';
import { UsageError } from './usage-error.ts';

export interface MetricsOptions extends GlobalOptions {
  days: string;
  prometheus?: string;
}

export function showMetrics(options: MetricsOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ berth, call, out }) => {
    const days = /^\d+$/.test(options.days) ? Number(options.days) : 0;
    if (days < 1 || days > 400) {
      throw new UsageError(`--days takes a number from 1 to 400, not "${options.days}".`);
    }
    const file = options.prometheus;
    if (file === undefined) {
      tell(out, await call('metrics.get', { days }));
      return EXIT.done;
    }
    const text = await berth.commands.run('metrics.get', {}, () => berth.history.prometheus());
    writeAtomically(file, text);
    out.both({ type: 'result', file }, `Written to ${file}.`);
    return EXIT.done;
  });
}

function tell(out: Output, metrics: Metrics): void {
  out.record(metrics);
  const { totals, byTemplate, byWeek, byStage, allocated } = metrics;
  out.text(`Since ${new Date(metrics.since).toISOString().slice(0, 10)}`);
  const rows = [
    ['all', ...figures(totals)],
    ...byTemplate.map((one) => [`template ${one.templateId}`, ...figures(one)]),
    ...byWeek.map((one) => [`week ${one.week}`, ...figures(one)]),
  ];
  out.table(['CREATIONS', 'COMPLETED', 'FAILED', 'CANCELLED', 'MEDIAN', '90 %'], rows);
  out.text('');
  out.table(
    ['STAGE', 'MEDIAN', '90 %', 'FAILURES'],
    byStage.map((one) => [one.stage, seconds(one.median), seconds(one.p90), String(one.failures)]),
  );
  out.text('');
  out.text(
    `${allocated.machines} machines hold ${allocated.vcpus} CPUs, ` +
      `${formatSize(allocated.memoryBytes)} of memory, ${formatSize(allocated.diskBytes)} of disk, ` +
      `${allocated.gpus} graphics cards`,
  );
}

function figures(of: Metrics['totals']): string[] {
  const counts = [of.completed, of.failed, of.cancelled].map(String);
  return [...counts, seconds(of.median), seconds(of.p90)];
}

function seconds(value: number | null): string {
  return value === null ? '' : `${value.toFixed(1)} s`;
}

/** Whoever reads the file, such as the node exporter, sees the old or the new text, never a half. */
function writeAtomically(file: string, text: string): void {
  const partial = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(partial, text, { mode: 0o644, flag: 'wx' });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    const message = error instanceof Error ? error.message : String(error);
    throw new BerthError('file_unwritable', `The file cannot be written: ${message}`, {
      cause: error,
      hint: 'Name a file in a folder that exists and that you may write to.',
    });
  }
}
