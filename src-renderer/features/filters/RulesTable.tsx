import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { FilterRule } from '../../../src-contract/model/filter.ts';
import { directionLabel, portsText } from './labels.ts';
import { emptyRule, formOf, moved } from './policy-form.ts';
import { RuleFields } from './RuleFields.tsx';

type Props = {
  rules: readonly FilterRule[];
  editable: boolean;
  onChange: (rules: FilterRule[]) => void;
};

type RowProps = {
  rule: FilterRule;
  place: number;
  last: boolean;
  editable: boolean;
  onMove: (by: -1 | 1) => void;
  onEdit: () => void;
  onDelete: () => void;
};

function Row({ rule, place, last, editable, onMove, onEdit, onDelete }: RowProps) {
  const tool = (label: string, icon: ReactNode, act: () => void, disabled = false) => (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`${label} rule ${place}`}
      disabled={disabled}
      onClick={act}
    >
      {icon}
    </ActionIcon>
  );
  return (
    <tr data-testid="rule">
      <td>{place}</td>
      <td>{directionLabel(rule)}</td>
      <td>{rule.action}</td>
      <td>{rule.protocol}</td>
      <td>{portsText(rule)}</td>
      <td className="mono">{rule.remote ?? 'any'}</td>
      <td>{rule.states.join(', ') || 'all'}</td>
      <td>{rule.comment}</td>
      <td className="row">
        {editable ? (
          <>
            {tool('Move up', <IconArrowUp size={16} />, () => onMove(-1), place === 1)}
            {tool('Move down', <IconArrowDown size={16} />, () => onMove(1), last)}
            {tool('Change', <IconPencil size={16} />, onEdit)}
            {tool('Delete', <IconTrash size={16} />, onDelete)}
          </>
        ) : null}
      </td>
    </tr>
  );
}

const HEADS = ['', 'Direction', 'Action', 'Protocol', 'Ports', 'Other side', 'States', 'Comment'];

/** From top to bottom: the first rule that matches decides. */
export function RulesTable({ rules, editable, onChange }: Props) {
  const [editing, setEditing] = useState<FilterRule | 'new' | null>(null);
  const done = (rule: FilterRule | null) => {
    setEditing(null);
    if (rule === null) return;
    const known = rules.some(({ id }) => id === rule.id);
    onChange(known ? rules.map((one) => (one.id === rule.id ? rule : one)) : [...rules, rule]);
  };
  return (
    <div className="stack">
      {rules.length === 0 ? (
        <p className="muted">No rules: the preset alone decides.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="rules-scroll" aria-label="Rules" tabIndex={0}>
          <table className="rules">
            <thead>
              <tr>
                {HEADS.map((head) => (
                  <th key={head} scope="col">
                    {head || <span className="visually-hidden">Place</span>}
                  </th>
                ))}
                <th scope="col">
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule, index) => (
                <Row
                  key={rule.id}
                  rule={rule}
                  place={index + 1}
                  last={index === rules.length - 1}
                  editable={editable && editing === null}
                  onMove={(by) => onChange(moved(rules, index, by))}
                  onEdit={() => setEditing(rule)}
                  onDelete={() => onChange(rules.filter(({ id }) => id !== rule.id))}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {editing === null ? null : (
        <RuleFields
          initial={editing === 'new' ? emptyRule(newId(rules)) : formOf(editing)}
          onDone={done}
        />
      )}
      {editable && editing === null ? (
        <div>
          <Button size="xs" variant="default" onClick={() => setEditing('new')}>
            Add a rule
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function newId(rules: readonly FilterRule[]): string {
  for (let number = rules.length + 1; ; number++) {
    const id = `r${number}`;
    if (!rules.some((rule) => rule.id === id)) return id;
  }
}
