import { Button } from '@mantine/core';
import { memo } from 'react';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { cancelCreation } from '../../bridge/commands.ts';
import { creationBadge, creationDetail, creationProgress } from '../../store/labels.ts';
import { isOpen } from '../../store/queue.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { href } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';

function priorityText(priority: number): string | null {
  if (priority === 0) return null;
  return priority > 0 ? 'before others' : 'after others';
}

function Cancel({ creation }: { creation: Creation }) {
  const { id, name, state, cancelRequested } = creation;
  const allowed = useBerth((all) => may(all, 'creations.cancel', creation.departmentId));
  if (!allowed || !isOpen(creation)) return null;
  const cancel = async () => report(await cancelCreation(id), `“${name}” could not be cancelled`);
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`Cancel ${name}`}
      disabled={state === 'rolling-back' || cancelRequested}
      onClick={() => void cancel()}
    >
      Cancel
    </Button>
  );
}

/** One creation of the queue; drawn again only when it changes. */
export const QueueRow = memo(function QueueRow({ id }: { id: string }) {
  const creation = useBerth((state) => state.creations.get(id));
  if (!creation) return null;
  const { name, state } = creation;
  const working = state === 'running' || state === 'provisioning' || state === 'rolling-back';
  const priority = priorityText(creation.input.priority);
  return (
    <li className="queue-row" data-testid="queue-row" data-machine={name} data-state={state}>
      <div className="row queue-name">
        <a className="ellipsis" href={href.creation(id)}>
          {name}
        </a>
        {priority === null ? null : <span className="tag">{priority}</span>}
      </div>
      <StateBadge {...creationBadge(creation)} />
      <div className="queue-detail">
        <span className="muted">{creationDetail(creation)}</span>
        {working ? (
          <ProgressBar
            value={state === 'rolling-back' ? null : creationProgress(creation)}
            label={`Creating ${name}`}
            {...(state === 'rolling-back' ? { tone: 'warn' as const } : {})}
          />
        ) : null}
      </div>
      <div className="queue-actions">
        <Cancel creation={creation} />
      </div>
    </li>
  );
});
