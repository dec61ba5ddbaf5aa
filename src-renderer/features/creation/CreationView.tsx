import './creation.css';
import { IconHelp, IconX } from '@tabler/icons-react';
import type { Creation } from '../../../src-contract/model/creation.ts';
import { cancelCreation, screenshot } from '../../bridge/commands.ts';
import { creationBadge } from '../../store/labels.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FindingRow } from '../../ui/FindingRow.tsx';
import { href } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ScreenPicture } from '../../ui/ScreenPicture.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { TaskResults } from '../../ui/TaskResults.tsx';
import { CreationLog } from './CreationLog.tsx';
import { Outcome } from './Outcome.tsx';
import { StageList } from './StageList.tsx';

async function takeScreenshot(machineId: string) {
  const answer = await screenshot(machineId);
  return answer.ok ? answer.value : null;
}

function CancelButton({ creation }: { creation: Creation }) {
  const installed = creation.state === 'provisioning';
  if (creation.cancelRequested) return <span className="muted">Cancelling…</span>;
  return (
    <ConfirmButton
      label="Cancel"
      icon={<IconX size={16} />}
      question={
        installed ? 'Force it off and remove everything made?' : 'Remove everything made so far?'
      }
      confirmLabel="Cancel and undo"
      onConfirm={async () =>
        void report(await cancelCreation(creation.id), 'The creation could not be cancelled')
      }
    />
  );
}

function Screen({ creation }: { creation: Creation }) {
  const live = useBerth((state) => {
    const power = state.machines.get(creation.machineId)?.power;
    return power === 'running' || power === 'paused' || power === 'starting';
  });
  return (
    <section className="card card-pad stack" aria-label="Screen of the guest">
      <ScreenPicture
        load={() => takeScreenshot(creation.machineId)}
        live={live}
        label={`Screen of ${creation.name}`}
        placeholder={live ? 'No picture yet' : 'The screen appears once the machine runs'}
      />
    </section>
  );
}

function ended(creation: Creation): boolean {
  return ['completed', 'failed', 'cancelled'].includes(creation.state);
}

function Content({ creation }: { creation: Creation }) {
  const over = ended(creation);
  const gone = creation.state === 'failed' || creation.state === 'cancelled';
  return (
    <div className="page-width creation">
      {over ? (
        <div className="wide">
          <Outcome creation={creation} />
        </div>
      ) : null}
      <section className="card card-pad" aria-label="Stages">
        <StageList creation={creation} />
      </section>
      <div className="stack">
        {gone ? null : <Screen creation={creation} />}
        {creation.notes.map((note) => (
          <FindingRow key={note.code} {...note} fix={undefined} />
        ))}
        <TaskResults results={creation.applications} />
        <CreationLog creationId={creation.id} />
      </div>
    </div>
  );
}

/** One creation from the click to the outcome; closing the view or the window does not stop it. */
export function CreationView({ creationId }: { creationId: string }) {
  const creation = useBerth((state) => state.creations.get(creationId));
  const template = useBerth(
    (state) =>
      state.templates.find(({ id }) => id === state.creations.get(creationId)?.templateId)?.name,
  );
  const mayCancel = useBerth(
    (state) => creation !== undefined && may(state, 'creations.cancel', creation.departmentId),
  );
  const loading = useBerth((state) => state.revision === 0);
  if (!creation) {
    return (
      <EmptyState
        icon={<IconHelp size={36} stroke={1.6} />}
        title={loading ? 'One moment' : 'This record is gone'}
        actions={<a href={href.library()}>Back to the machines</a>}
      >
        The creation was dismissed, or it has not been heard of yet.
      </EmptyState>
    );
  }
  const cancellable = mayCancel && !ended(creation) && creation.state !== 'rolling-back';
  return (
    <div className="page" data-testid="creation-page" data-state={creation.state}>
      <PageHeader
        title={creation.name}
        subtitle={template ?? creation.templateId}
        back={{ to: href.library(), label: 'Back to the machines' }}
      >
        <StateBadge {...creationBadge(creation)} />
        {cancellable ? <CancelButton creation={creation} /> : null}
      </PageHeader>
      <div className="page-body">
        <Content creation={creation} />
      </div>
    </div>
  );
}
