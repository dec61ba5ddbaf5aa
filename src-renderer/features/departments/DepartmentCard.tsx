import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type Department, PERSONAL_DEPARTMENT } from '../../../src-contract/model/department.ts';
import { deleteDepartment } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ConfirmButton } from '../../ui/ConfirmButton.tsx';
import { href } from '../../ui/navigation.ts';
import { report } from '../../ui/notify.ts';
import { Editor } from './Editor.tsx';
import { PRESET_LABELS, ROLE_LABELS } from './labels.ts';
import { Members } from './Members.tsx';
import { UsageBars } from './UsageBars.tsx';

function networkText({ network }: Department): string {
  if (network.kind === 'none') return 'what each template says';
  if (network.kind === 'existing') return network.name;
  const kind = network.mode === 'nat' ? 'its own (NAT)' : 'its own, isolated';
  return network.subnet === null ? `${kind}, not made yet` : `${kind}, ${network.subnet}`;
}

function Facts({ department }: { department: Department }) {
  const { preset, rules } = department.filter;
  const more = rules.length === 0 ? '' : `, ${rules.length} rules of its own first`;
  return (
    <dl className="facts">
      <dt>Network</dt>
      <dd>{networkText(department)}</dd>
      <dt>Lets through</dt>
      <dd>
        {PRESET_LABELS[preset]}
        {more}
        {' · '}
        <a href={href.filter('department', department.id)}>rules</a>
      </dd>
    </dl>
  );
}

type Props = { department: Department; mayLimit: boolean };

export function DepartmentCard({ department, mayLimit }: Props) {
  const [editing, setEditing] = useState(false);
  const owner = useBerth((state) => may(state, 'departments.update', department.id));
  const deletable = owner && department.id !== PERSONAL_DEPARTMENT;
  const remove = async () =>
    void report(await deleteDepartment(department.id), 'The department could not be deleted');
  return (
    <li className="card card-pad stack" data-testid="department" data-department={department.id}>
      <div className="row department-head">
        <h2 className="card-title ellipsis">{department.name}</h2>
        <span className="tag">you: {ROLE_LABELS[department.ownRole]}</span>
        <div className="row department-actions">
          {owner && !editing ? (
            <Button
              size="xs"
              variant="default"
              aria-label={`Change ${department.name}`}
              onClick={() => setEditing(true)}
            >
              Change
            </Button>
          ) : null}
          {deletable ? (
            <ConfirmButton
              label="Delete"
              size="xs"
              icon={<IconTrash size={14} />}
              question={`Delete ${department.name}?`}
              confirmLabel="Delete"
              keepLabel="Keep"
              onConfirm={remove}
            />
          ) : null}
        </div>
      </div>
      {department.description === '' ? null : <p className="muted">{department.description}</p>}
      <UsageBars {...department} />
      {editing ? (
        <Editor department={department} mayLimit={mayLimit} onDone={() => setEditing(false)} />
      ) : (
        <Facts department={department} />
      )}
      <Members department={department} editable={owner} />
    </li>
  );
}
