import { Button, MultiSelect, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FilterRule } from '../../../src-contract/model/filter.ts';
import { ACTIONS, DIRECTIONS, PROTOCOLS, STATES } from './labels.ts';
import { parsePorts, type RuleForm, ruleOf } from './policy-form.ts';

type Props = {
  initial: RuleForm;
  onDone: (rule: FilterRule | null) => void;
};

const PORT_PROTOCOLS = ['tcp', 'udp', 'sctp'];

/** One rule, added or changed. */
export function RuleFields({ initial, onDone }: Props) {
  const [form, setForm] = useState(initial);
  const patch = (part: Partial<RuleForm>) => setForm({ ...form, ...part });
  const hasPorts = PORT_PROTOCOLS.includes(form.protocol);
  const wrongPorts = hasPorts && parsePorts(form.ports) === undefined;
  const rule = ruleOf(hasPorts ? form : { ...form, ports: '' }, 0);
  return (
    <form
      aria-label="Rule"
      onSubmit={(event) => {
        event.preventDefault();
        if (rule !== null) onDone(rule);
      }}
    >
      <fieldset className="rule-fields" data-testid="rule-fields">
        <legend>Rule</legend>
        <Select
          label="Direction"
          allowDeselect={false}
          data={DIRECTIONS.map((item) => ({ ...item }))}
          value={form.direction}
          onChange={(value) => {
            const found = DIRECTIONS.find((item) => item.value === value);
            if (found) patch({ direction: found.value });
          }}
        />
        <Select
          label="Action"
          allowDeselect={false}
          data={ACTIONS.map((item) => ({ ...item }))}
          value={form.action}
          onChange={(value) => {
            const found = ACTIONS.find((item) => item.value === value);
            if (found) patch({ action: found.value });
          }}
        />
        <Select
          label="Protocol"
          allowDeselect={false}
          data={[...PROTOCOLS]}
          value={form.protocol}
          onChange={(value) => {
            const protocol = PROTOCOLS.find((item) => item === value);
            if (protocol) patch({ protocol });
          }}
        />
        <TextInput
          label="Ports"
          placeholder="any, 22 or 20-25"
          disabled={!hasPorts}
          value={hasPorts ? form.ports : ''}
          error={wrongPorts ? 'A port, or a range such as 20-25' : null}
          onChange={(event) => patch({ ports: event.currentTarget.value })}
        />
        <TextInput
          label="Other side"
          placeholder="any, or 10.0.0.0/8"
          spellCheck={false}
          value={form.remote}
          onChange={(event) => patch({ remote: event.currentTarget.value })}
        />
        <MultiSelect
          label="Connection states"
          placeholder={form.states.length === 0 ? 'all' : ''}
          data={[...STATES]}
          value={form.states}
          onChange={(values) => patch({ states: STATES.filter((state) => values.includes(state)) })}
        />
        <TextInput
          label="Comment"
          maxLength={255}
          value={form.comment}
          onChange={(event) => patch({ comment: event.currentTarget.value })}
        />
        <div className="row rule-buttons">
          <Button size="xs" type="submit" disabled={rule === null}>
            Use this rule
          </Button>
          <Button size="xs" variant="default" onClick={() => onDone(null)}>
            Cancel
          </Button>
        </div>
      </fieldset>
    </form>
  );
}
