import { Loader } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleXFilled,
} from '@tabler/icons-react';
import type { Creation, StageRecord } from '../../../src-contract/model/creation.ts';
import type { StageState } from '../../../src-contract/model/stage.ts';
import { creationProgress, stageLabel } from '../../store/labels.ts';
import { formatDuration } from '../../ui/format.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useNow } from '../../ui/use-now.ts';

const STATE_WORD: Record<StageState, string> = {
  pending: 'to do',
  running: 'under way',
  done: 'done',
  skipped: 'not needed',
  failed: 'failed',
  undone: 'undone',
};

function StageIcon({ state }: { state: StageState }) {
  switch (state) {
    case 'running':
      return <Loader size={15} />;
    case 'done':
      return <IconCircleCheckFilled size={19} />;
    case 'failed':
      return <IconCircleXFilled size={19} />;
    case 'undone':
      return <IconArrowBackUp size={18} />;
    case 'skipped':
      return <IconCircleMinus size={18} />;
    case 'pending':
      return <IconCircle size={18} />;
    default:
      return <IconCircleDashed size={18} />;
  }
}

function elapsed(record: StageRecord, now: number): string {
  if (record.state === 'skipped') return 'not needed';
  if (record.startedAt === null) return '';
  return formatDuration((record.endedAt ?? now) - record.startedAt);
}

function StageRow({ record, now }: { record: StageRecord; now: number }) {
  const running = record.state === 'running';
  const label = stageLabel(record.stage);
  return (
    <li
      className="stage"
      data-state={record.state}
      data-stage={record.stage}
      data-testid="stage"
      aria-current={running ? 'step' : undefined}
    >
      <span className="stage-icon" role="img" aria-label={STATE_WORD[record.state]}>
        <StageIcon state={record.state} />
      </span>
      <span className="stage-label">{label}</span>
      <span className="stage-time tabular">{elapsed(record, now)}</span>
      {record.message || (running && record.progress !== null) ? (
        <div className="stage-more">
          {record.message ? <span className="selectable">{record.message}</span> : null}
          {running && record.progress !== null ? (
            <ProgressBar value={record.progress} label={label} />
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

function announcement(creation: Creation): string {
  if (creation.state === 'queued') return creation.waitingFor ?? 'Waiting for its turn';
  if (creation.state === 'rolling-back') return 'Removing everything that was made';
  if (creation.state === 'failed') return 'Failed';
  if (creation.state === 'cancelled') return 'Cancelled';
  if (creation.state === 'completed') return 'Ready to use';
  return stageLabel(creation.stage);
}

/** The stages with their times; a screen reader hears only when the stage changes. */
export function StageList({ creation }: { creation: Creation }) {
  const over = creation.endedAt !== null;
  const now = useNow(!over && creation.startedAt !== null);
  const total =
    creation.startedAt === null
      ? null
      : formatDuration((creation.endedAt ?? now) - creation.startedAt);
  const undoing = creation.state === 'rolling-back';
  return (
    <>
      <div className="creation-overview">
        <strong role="status" aria-live="polite">
          {announcement(creation)}
        </strong>
        {total === null ? null : (
          <span className="elapsed tabular" data-testid="elapsed">
            {total}
          </span>
        )}
      </div>
      {over ? null : (
        <ProgressBar
          value={undoing ? null : creationProgress(creation)}
          label="Whole creation"
          {...(undoing ? { tone: 'warn' as const } : {})}
        />
      )}
      <ol className="stages">
        {creation.stages.map((record) => (
          <StageRow key={record.stage} record={record} now={now} />
        ))}
      </ol>
    </>
  );
}
