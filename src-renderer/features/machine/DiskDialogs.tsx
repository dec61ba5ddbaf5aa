import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import { addDisk, removeDisk } from '../../bridge/commands.ts';
import { formatBytes } from '../../ui/format.ts';
import { notifyDone } from '../../ui/notify.ts';
import { AskDialog } from './AskDialog.tsx';

type Props = { machine: Machine; onChange: () => void; onClose: () => void };

const GIB = 1024 ** 3;
const USUAL_GIB = 20;

export function AddDiskDialog({ machine, onChange, onClose }: Props) {
  const [gib, setGib] = useState<number | string>(USUAL_GIB);
  const bytes = typeof gib === 'number' && gib > 0 ? Math.round(gib * GIB) : null;
  const add = async (capacityBytes: number) => {
    const answer = await addDisk(machine.id, capacityBytes);
    if (answer.ok) {
      const { target, effect, note } = answer.value;
      const since = effect === 'now' ? '' : ' from the next start on';
      notifyDone(`“${machine.name}” has the disk ${target}${since}`, note ?? 'It is empty.');
      onChange();
    }
    return answer;
  };
  return (
    <AskDialog
      title={`Add a disk to “${machine.name}”`}
      confirmLabel="Add"
      confirm={bytes === null ? null : () => add(bytes)}
      onClose={onClose}
    >
      <NumberInput
        label="Size"
        suffix=" GiB"
        min={1}
        decimalScale={2}
        value={gib}
        onChange={setGib}
        data-autofocus
      />
    </AskDialog>
  );
}

type RemoveProps = Props & { disk: MachineDetails['disks'][number] };

export function RemoveDiskDialog({ machine, disk, onChange, onClose }: RemoveProps) {
  const { target, source, capacityBytes, allocationBytes } = disk;
  const remove = async () => {
    const answer = await removeDisk(machine.id, target);
    if (answer.ok) onChange();
    return answer;
  };
  return (
    <AskDialog
      title={`Remove the disk ${target} of “${machine.name}”?`}
      confirmLabel="Remove"
      danger
      confirm={remove}
      onClose={onClose}
    >
      <p>
        <code>{source}</code> is deleted: {formatBytes(allocationBytes ?? 0)} of data on a disk of{' '}
        {formatBytes(capacityBytes ?? 0)} are lost.
      </p>
      {machine.power === 'off' ? null : (
        <p className="muted">Unmount it in the guest first: the machine has to let it go.</p>
      )}
    </AskDialog>
  );
}
