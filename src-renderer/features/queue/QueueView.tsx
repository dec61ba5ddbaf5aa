import './queue.css';
import { Button } from '@mantine/core';
import { IconListCheck, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ManyStarted } from '../../../src-contract/model/create-request.ts';
import { cancelCreation } from '../../bridge/commands.ts';
import { batch } from '../../store/batch.ts';
import { creationProgress } from '../../store/labels.ts';
import { countsText, isOpen, selectQueue } from '../../store/queue.ts';
import { may } from '../../store/roles.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FindingRow } from '../../ui/FindingRow.tsx';
import { href } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { QueueRow } from './QueueRow.tsx';

/** Refusals with the same reason together: forty times the same sentence helps nobody. */
function Refused({ started }: { started: ManyStarted }) {
  const reasons = new Map<string, { hint: string | undefined; names: string[] }>();
  for (const one of started) {
    if (one.creationId !== null) continue;
    const { message, hint } = one.error;
    const reason = reasons.get(message) ?? { hint, names: [] };
    reasons.set(message, { ...reason, names: [...reason.names, one.name] });
  }
  return [...reasons].map(([message, { hint, names }]) => {
    const who = names.length === 1 ? names[0] : `${names.length} machines (${names.join(', ')})`;
    return (
      <FindingRow
        key={message}
        severity="error"
        message={`Not made: ${who}`}
        hint={[message, hint].filter(Boolean).join(' ')}
      />
    );
  });
}

function CancelAll({ ids }: { ids: readonly string[] }) {
  const open = useBerthShallow((state) =>
    ids.filter((id) => {
      const creation = state.creations.get(id);
      const stoppable = creation && isOpen(creation) && creation.state !== 'rolling-back';
      return stoppable && may(state, 'creations.cancel', creation.departmentId);
    }),
  );
  if (open.length < 2) return null;
  const cancel = async () => {
    const answers = await Promise.all(open.map((id) => cancelCreation(id)));
    // What ended by itself meanwhile needs no cancelling.
    const failed = answers.find((answer) => !answer.ok && answer.error.code !== 'creation_ended');
    if (failed) report(failed, 'Not all could be cancelled');
  };
  return (
    <ConfirmButton
      label="Cancel all"
      icon={<IconX size={16} />}
      question={`Cancel ${open.length} creations and remove what they made?`}
      confirmLabel="Cancel and undo"
      onConfirm={cancel}
    />
  );
}

/** Takes away what has ended of those asked for together; it stays in the library and in the activity. */
function Clear({ started }: { started: ManyStarted }) {
  const open = useBerthShallow(({ creations }) =>
    started.filter(({ creationId }) => {
      const creation = creationId === null ? undefined : creations.get(creationId);
      return creation !== undefined && isOpen(creation);
    }),
  );
  if (open.length === started.length) return null;
  return (
    <Button variant="default" onClick={() => batch.setState({ started: open })}>
      Clear ended
    </Button>
  );
}

/** Over all of them; null where none is there. */
function useProgress(ids: readonly string[]): number | null {
  return useBerth(({ creations }) => {
    const parts = ids.flatMap((id) => {
      const creation = creations.get(id);
      if (creation === undefined) return [];
      return isOpen(creation) ? (creationProgress(creation) ?? 0) : 1;
    });
    return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0) / parts.length;
  });
}

/** Everything that is being made or waits, with the reason; and what became of those asked for together. */
export function QueueView() {
  const { started } = useStore(batch);
  const own = useMemo(
    () => new Set(started.flatMap(({ creationId }) => creationId ?? [])),
    [started],
  );
  const ids = useBerthShallow((state) => selectQueue(state, own));
  const counts = useBerth(({ creations }) =>
    countsText(ids.flatMap((id) => creations.get(id)?.state ?? [])),
  );
  const progress = useProgress(ids);
  const refused = started.some(({ creationId }) => creationId === null);
  return (
    <div className="page" data-testid="queue-page">
      <PageHeader
        title="Queue"
        subtitle={<span role="status">{counts || 'Nothing is being made'}</span>}
        back={{ to: href.library(), label: 'Back to the machines' }}
      >
        <Clear started={started} />
        <CancelAll ids={ids} />
      </PageHeader>
      {ids.length === 0 && !refused ? (
        <EmptyState icon={<IconListCheck size={36} stroke={1.6} />} title="Nothing waits">
          Machines that are being made, or wait for their turn, are shown here with the reason.
        </EmptyState>
      ) : (
        <div className="page-body">
          <div className="page-width stack">
            <Refused started={started} />
            {ids.length > 1 && progress !== null ? (
              <ProgressBar value={progress} label="All creations" />
            ) : null}
            <ul className="card queue">
              {ids.map((id) => (
                <QueueRow key={id} id={id} />
              ))}
            </ul>
          </div>
        </div>
      )}
    </div>
  );
}
