import { IconHistory } from '@tabler/icons-react';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { creationBadge, stageLabel } from '../../store/labels.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { formatDate, formatDuration } from '../../ui/format.ts';
import { href } from '../../ui/navigation.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { ExportButton } from './ExportButton.tsx';
import { StageTimes } from './StageTimes.tsx';

function duration({ startedAt, endedAt }: Creation): string {
  return startedAt === null || endedAt === null ? '' : formatDuration(endedAt - startedAt);
}

function HistoryRow({ creation }: { creation: Creation }) {
  const template = useBerth(
    (state) => state.templates.find(({ id }) => id === creation.templateId)?.name,
  );
  return (
    <tr data-testid="history-row">
      <td className="ellipsis">
        <a href={href.creation(creation.id)}>{creation.name}</a>
        <div className="muted ellipsis">{template ?? creation.templateId}</div>
      </td>
      <td>
        <StateBadge {...creationBadge(creation)} />
        {creation.state === 'failed' && creation.error ? (
          <div className="muted">{stageLabel(creation.error.stage ?? creation.stage)}</div>
        ) : null}
      </td>
      <td>{formatDate(creation.createdAt)}</td>
      <td className="number">{duration(creation)}</td>
      <td>
        <StageTimes creation={creation} />
      </td>
    </tr>
  );
}

/** Every creation that still has its record, the newest first. */
export function CreationHistory() {
  const creations = useBerthShallow((state) =>
    [...state.creations.values()].sort((a, b) => b.createdAt - a.createdAt),
  );
  if (creations.length === 0) {
    return (
      <EmptyState icon={<IconHistory size={36} stroke={1.6} />} title="Nothing has been made yet">
        Every machine that you create is listed here, with the time that each stage took.
      </EmptyState>
    );
  }
  return (
    <section className="card card-pad" aria-label="Creations">
      <div className="activity-tools">
        <ExportButton value={creations} what="creations" />
      </div>
      <table className="activity-table">
        <thead>
          <tr>
            <th scope="col">Machine</th>
            <th scope="col">Result</th>
            <th scope="col">Begun</th>
            <th scope="col" className="number">
              Time
            </th>
            <th scope="col">Stages</th>
          </tr>
        </thead>
        <tbody>
          {creations.map((creation) => (
            <HistoryRow key={creation.id} creation={creation} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
