import { Checkbox, Select } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { AdoptableVolume, Adoption } from '../../../src-contract/model/lifecycle.ts';
import type { Machine } from '../../../src-contract/model/machine.ts';
import { adoptMachine, planAdoption } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatBytes } from '../../ui/format.ts';
import { href, navigate } from '../../ui/navigation.ts';
import { AskDialog } from './AskDialog.tsx';

function useAdoption(machineId: string) {
  const [adoption, setAdoption] = useState<Adoption | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  useEffect(() => {
    let wanted = true;
    void planAdoption(machineId).then((answer) => {
      if (!wanted) return;
      if (answer.ok) setAdoption(answer.value);
      else setError(answer.error);
    });
    return () => {
      wanted = false;
    };
  }, [machineId]);
  return { adoption, error };
}

function sizeOf({ capacityBytes }: AdoptableVolume): string {
  return capacityBytes === null ? '' : ` (${formatBytes(capacityBytes)})`;
}

type Props = { machine: Machine; onClose: () => void };

/** Another tool's machine becomes Berth's: whose it is, and which disks are deleted with it one day. */
export function AdoptDialog({ machine, onClose }: Props) {
  const { adoption, error } = useAdoption(machine.id);
  const departments = useBerthShallow((state) =>
    [...state.departments.values()].filter(({ id }) => may(state, 'machines.adopt', id)),
  );
  const [departmentId, setDepartmentId] = useState('personal');
  const [owned, setOwned] = useState<readonly string[]>([]);
  const volumes = adoption?.volumes ?? [];
  const confirm = async () => {
    const chosen = volumes.filter(({ path }) => owned.includes(path));
    const answer = await adoptMachine({
      machineId: machine.id,
      departmentId,
      volumes: chosen.flatMap(({ pool, name }) => (pool === null ? [] : [{ pool, name }])),
    });
    if (answer.ok) navigate(href.machine(answer.value.machineId));
    return answer;
  };
  return (
    <AskDialog
      title={`Adopt “${machine.name}”`}
      confirmLabel="Adopt"
      confirm={adoption === null ? null : confirm}
      onClose={onClose}
    >
      <p>Berth then manages it like a machine of its own. It goes on running meanwhile.</p>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      <Select
        label="Department"
        data={departments.map(({ id, name }) => ({ value: id, label: name }))}
        value={departmentId}
        allowDeselect={false}
        onChange={(value) => setDepartmentId(value ?? 'personal')}
      />
      <fieldset className="stack">
        <legend className="field-legend">Disks that go with the machine when it is deleted</legend>
        {volumes.map((volume) => (
          <Checkbox
            key={volume.path}
            label={`${volume.target}: ${volume.path}${sizeOf(volume)}`}
            description={volume.reason}
            disabled={!volume.ownable}
            checked={owned.includes(volume.path)}
            onChange={({ currentTarget: { checked } }) =>
              setOwned((old) =>
                checked ? [...old, volume.path] : old.filter((path) => path !== volume.path),
              )
            }
          />
        ))}
        {adoption !== null && volumes.length === 0 ? <p className="muted">It has none.</p> : null}
      </fieldset>
    </AskDialog>
  );
}
