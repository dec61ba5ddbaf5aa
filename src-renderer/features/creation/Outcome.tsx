import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Creation } from '../../../src-contract/model/creation.ts';
import type { Fix } from '../../../src-contract/model/error.ts';
import { applyFix, dismissCreation, retryCreation, runAction } from '../../bridge/commands.ts';
import { stageLabel } from '../../store/labels.ts';
import { may, mayAnywhere } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { CopyText } from '../../ui/CopyText.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import type { FixOffer } from '../../ui/FindingRow.tsx';
import { formatDuration } from '../../ui/format.ts';
import { href, navigate } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';

function offerFix(fix: Fix | undefined, creation: Creation): FixOffer | undefined {
  if (!fix) return undefined;
  if (fix.action === 'run-command') return { label: 'Copy', command: fix.command };
  const { templateId, id } = creation;
  if (fix.action === 'set-field') {
    return { label: fix.label, run: () => navigate(href.mend(templateId, id)) };
  }
  if (fix.action === 'add-media') {
    return { label: fix.label, run: () => navigate(href.retry(templateId, id)) };
  }
  return {
    label: fix.label,
    run: async () => void report(await applyFix(fix), `${fix.label} did not work`),
  };
}

/** Everything that the rollback removed, each looked for again afterwards. */
function UndoLedger({ creation }: { creation: Creation }) {
  const { undone } = creation;
  const all = undone.every(({ verified }) => verified);
  return (
    <div data-testid="undone">
      <h3 className="card-title">{all ? 'Nothing was left behind' : 'Not everything is gone'}</h3>
      <ul className="undone selectable">
        {undone.map(({ kind, name, verified, detail }) => (
          <li key={`${kind} ${name}`} data-verified={verified}>
            {verified ? (
              <IconCheck size={16} role="img" aria-label="Removed and verified" />
            ) : (
              <IconAlertTriangle size={16} role="img" aria-label="Could not be verified" />
            )}
            <span>
              {kind} <code>{name}</code>
              <span className="muted">
                {verified ? ' removed, verified' : ` ${detail ?? 'may still be there'}`}
              </span>
            </span>
          </li>
        ))}
        {undone.length === 0 ? <li className="muted">Nothing had been made yet.</li> : null}
      </ul>
    </div>
  );
}

function RetryActions({ creation }: { creation: Creation }) {
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    const answer = await retryCreation(creation.id);
    setBusy(false);
    report(answer, 'It could not be tried again');
    if (answer.ok) navigate(href.creation(answer.value.creationId));
  };
  const dismiss = async () => {
    if (report(await dismissCreation(creation.id), 'The record could not be removed')) {
      navigate(href.library());
    }
  };
  return (
    <div className="outcome-actions">
      <Button onClick={retry} loading={busy} data-testid="retry">
        Try again
      </Button>
      <Button
        component="a"
        variant="default"
        href={href.retry(creation.templateId, creation.id)}
        data-testid="edit-retry"
      >
        Change and try again
      </Button>
      <Button variant="default" onClick={dismiss} data-testid="dismiss">
        Dismiss
      </Button>
    </div>
  );
}

function Failed({ creation }: { creation: Creation }) {
  const cancelled = creation.state === 'cancelled';
  const allowed = useBerth((state) => may(state, 'creations.retry', creation.departmentId));
  const { error } = creation;
  return (
    <section className="card card-pad outcome" data-testid="outcome">
      <div className="outcome-head">
        <span className="outcome-sign" data-tone={cancelled ? 'quiet' : 'bad'}>
          <IconX size={20} />
        </span>
        <div>
          <h2>{cancelled ? 'Cancelled' : 'The machine was not made'}</h2>
          <div className="muted">
            {cancelled ? 'At' : 'It failed at'}: {stageLabel(error?.stage ?? creation.stage)}
          </div>
        </div>
      </div>
      {error && !cancelled ? <ErrorPanel {...error} fix={offerFix(error.fix, creation)} /> : null}
      <UndoLedger creation={creation} />
      {allowed ? <RetryActions creation={creation} /> : null}
    </section>
  );
}

function Done({ creation }: { creation: Creation }) {
  const machine = useBerth((state) => state.machines.get(creation.machineId));
  const mayOpen = useBerth((state) => may(state, 'console.open', creation.departmentId));
  const mayMake = useBerth((state) => mayAnywhere(state, 'creations.start'));
  const took =
    creation.startedAt === null || creation.endedAt === null
      ? ''
      : ` in ${formatDuration(creation.endedAt - creation.startedAt)}`;
  const openConsole = async () =>
    void report(await runAction(creation.machineId, 'console'), 'The console could not be opened');
  return (
    <section className="card card-pad outcome" data-testid="outcome">
      <div className="outcome-head">
        <span className="outcome-sign">
          <IconCheck size={20} />
        </span>
        <div>
          <h2>
            {creation.name} is ready{took}
          </h2>
          <div className="row muted">
            {machine?.addresses.map((address) => (
              <CopyText key={address} text={address} what="address" />
            ))}
            {creation.input.user ? <span>user {creation.input.user}</span> : null}
          </div>
        </div>
      </div>
      <div className="outcome-actions">
        {machine && machine.graphics !== 'none' && mayOpen ? (
          <Button onClick={openConsole} data-testid="open-console">
            Open console
          </Button>
        ) : null}
        <Button component="a" variant="default" href={href.machine(creation.machineId)}>
          Go to the machine
        </Button>
        {mayMake ? (
          <Button component="a" variant="default" href={href.create(creation.templateId)}>
            Make another
          </Button>
        ) : null}
      </div>
    </section>
  );
}

export function Outcome({ creation }: { creation: Creation }) {
  return creation.state === 'completed' ? (
    <Done creation={creation} />
  ) : (
    <Failed creation={creation} />
  );
}
