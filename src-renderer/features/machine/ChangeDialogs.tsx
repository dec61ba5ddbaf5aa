import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ResizeChange, Resized } from '../../../src-contract/model/lifecycle.ts';
import type { Machine } from '../../../src-contract/model/machine.ts';
import {
  captureMedia,
  forgetMachine,
  renameMachine,
  resizeMachine,
} from '../../bridge/commands.ts';
import { formatBytes } from '../../ui/format.ts';
import { href, navigate } from '../../ui/navigation.ts';
import { notifyDone, report } from '../../ui/notify.ts';
import { AskDialog } from './AskDialog.tsx';
import { useDetails } from './use-details.ts';

type Props = { machine: Machine; onClose: () => void };

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

type NameProps = { label: string; value: string; onChange: (value: string) => void };

function NameField({ label, value, onChange }: NameProps) {
  return (
    <TextInput
      label={label}
      value={value}
      maxLength={80}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  );
}

export function RenameDialog({ machine, onClose }: Props) {
  const [name, setName] = useState(machine.name);
  const changed = name.trim() !== '' && name.trim() !== machine.name;
  return (
    <AskDialog
      title={`Rename “${machine.name}”`}
      confirmLabel="Rename"
      confirm={changed ? () => renameMachine(machine.id, name) : null}
      onClose={onClose}
    >
      <NameField label="Name" value={name} onChange={setName} />
      {machine.power === 'off' ? null : (
        <p className="muted">
          libvirt keeps the domain’s name while it runs; other tools show the new one as its title.
        </p>
      )}
    </AskDialog>
  );
}

const RESOURCE = { vcpus: 'CPUs', memoryBytes: 'Memory', diskBytes: 'Disk' } as const;

function told({ resource, to, effect, note }: Resized): string {
  const figure = resource === 'vcpus' ? String(to) : formatBytes(to);
  const since = effect === 'now' ? '' : ' from the next start on';
  return `${RESOURCE[resource]}: ${figure}${since}. ${note ?? ''}`.trim();
}

function amount(value: string | number, unit: number): number | undefined {
  return typeof value === 'number' && value > 0 ? Math.round(value * unit) : undefined;
}

export function ResizeDialog({ machine, onClose }: Props) {
  const { details } = useDetails(machine);
  const disk = details?.disks.find(({ device }) => device === 'disk')?.capacityBytes ?? null;
  const [change, setChange] = useState<ResizeChange>({});
  const edit = (more: ResizeChange) => setChange((old) => ({ ...old, ...more }));
  const confirm = async () => {
    const answer = await resizeMachine(machine.id, change);
    if (answer.ok) notifyDone(`“${machine.name}” was resized`, answer.value.map(told).join(' '));
    return answer;
  };
  return (
    <AskDialog
      title={`Resize “${machine.name}”`}
      confirmLabel="Resize"
      confirm={Object.values(change).some((value) => value !== undefined) ? confirm : null}
      onClose={onClose}
    >
      <NumberInput
        label="CPUs"
        min={1}
        max={512}
        allowDecimal={false}
        defaultValue={machine.vcpus}
        onChange={(value) => edit({ vcpus: amount(value, 1) })}
        data-autofocus
      />
      <NumberInput
        label="Memory"
        suffix=" MiB"
        min={64}
        step={256}
        allowDecimal={false}
        defaultValue={Math.round(machine.memoryBytes / MIB)}
        onChange={(value) => edit({ memoryBytes: amount(value, MIB) })}
      />
      {disk === null ? null : (
        <NumberInput
          label="Disk"
          description="A disk only grows."
          suffix=" GiB"
          min={disk / GIB}
          decimalScale={2}
          defaultValue={Number((disk / GIB).toFixed(2))}
          onChange={(value) => edit({ diskBytes: amount(value, GIB) })}
        />
      )}
    </AskDialog>
  );
}

/** The copy takes a while; its progress is among the images. */
export function CaptureDialog({ machine, onClose }: Props) {
  const [name, setName] = useState(machine.name);
  const start = async () => {
    navigate(href.media());
    const answer = await captureMedia(machine.id, name.trim());
    if (report(answer, `No image of “${machine.name}” was made`)) {
      notifyDone(`“${name.trim()}” is ready`, 'New machines can be made from this image.');
    }
  };
  const possible = machine.power === 'off' && name.trim() !== '';
  return (
    <AskDialog
      title={`Save “${machine.name}” as an image`}
      confirmLabel="Save"
      confirm={
        possible
          ? async () => {
              void start();
              return { ok: true };
            }
          : null
      }
      onClose={onClose}
    >
      <NameField label="Name of the image" value={name} onChange={setName} />
      <p className="muted">
        {machine.power === 'off'
          ? 'The whole disk is copied as it is, with accounts, keys and the machine’s identity. On Linux, “cloud-init clean --machine-id” before shutting down lets each new machine get its own.'
          : 'Shut the machine down first: its disk changes while it runs.'}
      </p>
    </AskDialog>
  );
}

export function ForgetDialog({ machine, onClose }: Props) {
  return (
    <AskDialog
      title={`Give “${machine.name}” back?`}
      confirmLabel="Give it back"
      danger
      confirm={() => forgetMachine(machine.id)}
      onClose={onClose}
    >
      <p>
        Berth forgets the machine, its quota and its network filter. The machine and its disks stay
        as they are, for other tools.
      </p>
    </AskDialog>
  );
}
