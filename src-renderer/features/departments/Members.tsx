import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type Department, type Member, ROLES } from '../../../src-contract/model/department.ts';
import { removeMember, setMember } from '../../bridge/commands.ts';
import { report } from '../../ui/notify.ts';
import { ROLE_LABELS } from './labels.ts';

const ROLE_ITEMS = ROLES.map((value) => ({ value, label: ROLE_LABELS[value] }));
const KINDS = [
  { value: 'user', label: 'User' },
  { value: 'group', label: 'Group' },
] as const;

const change = async (departmentId: string, member: Member) =>
  report(await setMember(departmentId, member), 'The member could not be changed');

function Row({ departmentId, member, editable }: RowProps) {
  const remove = async () =>
    void report(await removeMember(departmentId, member), 'The member could not be removed');
  return (
    <li className="member" data-testid="member">
      <span className="ellipsis">
        {member.name} <span className="muted">{member.kind === 'group' ? 'group' : ''}</span>
      </span>
      {editable ? (
        <>
          <Select
            aria-label={`Role of ${member.name}`}
            size="xs"
            allowDeselect={false}
            value={member.role}
            data={ROLE_ITEMS}
            onChange={(value) => {
              const role = ROLES.find((known) => known === value);
              if (role) void change(departmentId, { ...member, role });
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove ${member.name}`}
            onClick={() => void remove()}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </>
      ) : (
        <span className="muted">{ROLE_LABELS[member.role]}</span>
      )}
    </li>
  );
}

type RowProps = { departmentId: string; member: Member; editable: boolean };

function AddMember({ departmentId }: { departmentId: string }) {
  const [kind, setKind] = useState<Member['kind']>('user');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    if (await change(departmentId, { kind, name: name.trim(), role: 'operator' })) setName('');
    setBusy(false);
  };
  return (
    <form
      className="add-member"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Select
        aria-label="Kind of member"
        size="xs"
        allowDeselect={false}
        value={kind}
        data={KINDS.map((item) => ({ ...item }))}
        onChange={(value) => setKind(value === 'group' ? 'group' : 'user')}
      />
      <TextInput
        aria-label="Name of the user or group"
        size="xs"
        placeholder="a name on this host"
        spellCheck={false}
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="xs"
        variant="default"
        loading={busy}
        disabled={name.trim() === ''}
      >
        Add as operator
      </Button>
    </form>
  );
}

/** Users and groups of this host and what they may do. */
export function Members({ department, editable }: { department: Department; editable: boolean }) {
  const { id, members } = department;
  return (
    <section className="stack department-section" aria-label={`Members of ${department.name}`}>
      <h3 className="card-title">Members</h3>
      {members.length === 0 ? <span className="muted">Nobody yet but root.</span> : null}
      <ul className="members">
        {members.map((member) => (
          <Row
            key={`${member.kind} ${member.name}`}
            departmentId={id}
            member={member}
            editable={editable}
          />
        ))}
      </ul>
      {editable ? <AddMember departmentId={id} /> : null}
    </section>
  );
}
