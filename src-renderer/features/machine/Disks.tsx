import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Machine, MachineDetails } from '../../../src-contract/model/machine.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { formatBytes } from '../../ui/format.ts';
import { AddDiskDialog, RemoveDiskDialog } from './DiskDialogs.tsx';

type Disk = MachineDetails['disks'][number];
type Props = { machine: Machine; details: MachineDetails; onChange: () => void };

const size = (bytes: number | null) => (bytes === null ? '–' : formatBytes(bytes));

function Row({ disk, onRemove }: { disk: Disk; onRemove: (() => void) | null }) {
  return (
    <tr>
      <td className="nowrap">
        {disk.target} <span className="muted">{disk.bus}</span>
      </td>
      <td>
        {disk.source === null ? (
          <span className="muted">empty {disk.device}</span>
        ) : (
          <code>{disk.source}</code>
        )}
      </td>
      <td className="nowrap tabular">{size(disk.capacityBytes)}</td>
      <td className="nowrap tabular">{size(disk.allocationBytes)}</td>
      <td>
        {onRemove === null ? null : (
          <Button variant="subtle" size="compact-sm" onClick={onRemove}>
            Remove {disk.target}…
          </Button>
        )}
      </td>
    </tr>
  );
}

export function Disks({ machine, details, onChange }: Props) {
  const { departmentId, origin } = machine;
  const mayAdd = useBerth((state) => may(state, 'machines.addDisk', departmentId));
  const mayRemove = useBerth((state) => may(state, 'machines.removeDisk', departmentId));
  const [asked, setAsked] = useState<'add' | Disk | null>(null);
  const dialog = { machine, onChange, onClose: () => setAsked(null) };
  return (
    <>
      <table className="device-table selectable" aria-label="Disks">
        <thead>
          <tr>
            <th scope="col">Disk</th>
            <th scope="col">Source</th>
            <th scope="col">Size</th>
            <th scope="col">Used</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {details.disks.map((disk) => (
            <Row
              key={disk.target}
              disk={disk}
              onRemove={mayRemove && disk.removable ? () => setAsked(disk) : null}
            />
          ))}
        </tbody>
      </table>
      {mayAdd && origin === 'berth' ? (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => setAsked('add')}>
            Add a disk…
          </Button>
        </div>
      ) : null}
      {asked === 'add' ? <AddDiskDialog {...dialog} /> : null}
      {asked !== null && asked !== 'add' ? <RemoveDiskDialog {...dialog} disk={asked} /> : null}
    </>
  );
}
