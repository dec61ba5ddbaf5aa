import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { MachineDetails } from '../../../src-contract/model/machine.ts';
import { deleteMachine, machineDetails } from '../../bridge/commands.ts';
import { dialogs } from '../../store/dialogs.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatBytes } from '../../ui/format.ts';
import { href, navigate, parseRoute } from '../../ui/navigation.ts';
import { useReturnFocus } from '../../ui/use-return-focus.ts';

type Failure = { message: string; cause?: string | undefined; hint?: string | undefined };

const close = () => dialogs.setState({ deleteMachineId: null });

/** The volumes that go with the machine; CD-ROMs and other people's media stay. */
function Removed({ details, domain }: { details: MachineDetails | null; domain: string }) {
  const disks = details?.disks.filter((disk) => disk.device === 'disk' && disk.source) ?? [];
  return (
    <ul className="delete-list selectable">
      <li>
        The machine <strong>{domain}</strong> and its firmware settings
      </li>
      {disks.map((disk) => (
        <li key={disk.target}>
          Disk <code>{disk.source}</code>
          {disk.allocationBytes === null ? null : ` (frees ${formatBytes(disk.allocationBytes)})`}
        </li>
      ))}
    </ul>
  );
}

export function DeleteForm({ machineId }: { machineId: string }) {
  const machine = useBerth((state) => state.machines.get(machineId));
  useReturnFocus();
  const [details, setDetails] = useState<MachineDetails | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let wanted = true;
    void machineDetails(machineId).then((answer) => {
      if (wanted && answer.ok) setDetails(answer.value);
    });
    return () => {
      wanted = false;
    };
  }, [machineId]);
  if (!machine) return null;
  const running = machine.power !== 'off' && machine.power !== 'crashed';
  const confirm = async () => {
    setBusy(true);
    const answer = await deleteMachine(machineId);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.error);
    close();
    if (parseRoute(window.location.hash).view === 'machine') navigate(href.library());
  };
  return (
    <Modal
      opened
      onClose={close}
      title={`Delete “${machine.name}”?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      data-testid="delete-dialog"
    >
      <div className="stack">
        <p>
          {running ? 'It is running and will be forced off first. ' : ''}
          This removes for good:
        </p>
        <Removed details={details} domain={machine.domainName} />
        {failure ? <ErrorPanel {...failure} /> : null}
        <div className="row dialog-actions">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={busy} onClick={confirm}>
            Delete
          </Button>
        </div>
      </div>
    </Modal>
  );
}
