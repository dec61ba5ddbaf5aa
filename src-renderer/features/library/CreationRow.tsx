import { memo } from 'react';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { cancelCreation, dismissCreation } from '../../bridge/commands.ts';
import { creationBadge, creationDetail, creationProgress } from '../../store/labels.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { href, navigate } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';
import { OsIcon } from '../../ui/OsIcon.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import type { RowProps } from './row-props.ts';

function RowActions({ creation, tabIndex }: { creation: Creation; tabIndex: number }) {
  const ended = creation.state === 'failed' || creation.state === 'cancelled';
  const allowed = useBerth((state) =>
    may(state, ended ? 'creations.dismiss' : 'creations.cancel', creation.departmentId),
  );
  const onClick = async () => {
    const answer = await (ended ? dismissCreation(creation.id) : cancelCreation(creation.id));
    report(answer, `“${creation.name}”`);
  };
  if (!allowed) return <td className="machine-actions" />;
  return (
    <td className="machine-actions">
      <button
        type="button"
        className="row-button"
        tabIndex={tabIndex}
        disabled={creation.state === 'rolling-back' || creation.cancelRequested}
        aria-label={`${ended ? 'Dismiss' : 'Cancel'}: ${creation.name}`}
        onClick={(event) => {
          event.stopPropagation();
          void onClick();
        }}
      >
        {ended ? 'Dismiss' : 'Cancel'}
      </button>
    </td>
  );
}

/** A machine that is being made, or could not be: stage, progress and the way out. */
export const CreationRow = memo(function CreationRow(props: RowProps) {
  const { id, index, top, active, onActivate } = props;
  const creation = useBerth((state) => state.creations.get(id));
  const template = useBerth(
    (state) =>
      state.templates.find((item) => item.id === state.creations.get(id)?.templateId)?.name ?? '',
  );
  if (!creation) return null;
  const running = creation.state === 'running' || creation.state === 'rolling-back';
  return (
    <tr
      className="machine-row"
      aria-rowindex={index + 1}
      tabIndex={active ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onActivate(index)}
      onClick={() => navigate(href.creation(id))}
      data-testid="creation-row"
      data-machine={creation.name}
    >
      <td>
        <OsIcon label={template} />
      </td>
      <td className="machine-cell">
        <div className="machine-name">
          <span className="ellipsis">{creation.name}</span>
        </div>
        <div className="machine-sub ellipsis">{template || creation.templateId}</div>
      </td>
      <td className="machine-progress">
        <div className="row">
          <StateBadge {...creationBadge(creation)} />
          <span className="ellipsis muted">{creationDetail(creation)}</span>
        </div>
        {running ? (
          <ProgressBar
            value={creation.state === 'running' ? creationProgress(creation) : null}
            label={`Creating ${creation.name}`}
            {...(creation.state === 'rolling-back' ? { tone: 'warn' } : {})}
          />
        ) : null}
      </td>
      <RowActions creation={creation} tabIndex={active ? 0 : -1} />
    </tr>
  );
});
