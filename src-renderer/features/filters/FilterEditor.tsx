import { Button, Select } from '@mantine/core';
import type { FilterOwner } from '../../../src-contract/model/filter.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { FindingRow } from '../../ui/FindingRow.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { PRESETS, stateBadge } from './labels.ts';
import { inOrder, withRules } from './policy-form.ts';
import { RulesTable } from './RulesTable.tsx';
import { useFilter } from './use-filter.ts';

/** What may pass, and whether libvirt keeps to it. */
export function FilterEditor({ owner, editable }: { owner: FilterOwner; editable: boolean }) {
  const { filter, draft, conflicts, error, busy, change, save, read } = useFilter(owner);
  if (filter === null || draft === null) {
    return error === null ? <div className="loading" /> : <ErrorPanel {...error} fix={undefined} />;
  }
  const changed = JSON.stringify(draft) !== JSON.stringify(filter.policy);
  return (
    <section className="card card-pad stack" aria-label="Policy" data-testid="filter-editor">
      <div className="row">
        <StateBadge {...stateBadge(filter)} />
        <span className="muted">
          {filter.bindings.length === 0
            ? 'No running machine is under it'
            : `Bound to ${filter.bindings.map(({ device }) => device).join(', ')}`}
        </span>
        <Button size="xs" variant="subtle" onClick={() => void read()}>
          Check again
        </Button>
      </div>
      <Select
        className="filter-preset"
        label="Preset"
        description="What happens with traffic that no rule below decides"
        allowDeselect={false}
        disabled={!editable}
        data={PRESETS}
        value={draft.preset}
        onChange={(value) => {
          const found = PRESETS.find((item) => item.value === value);
          if (found) void change({ ...draft, preset: found.value });
        }}
        data-testid="preset"
      />
      <RulesTable
        rules={inOrder(draft)}
        editable={editable}
        onChange={(rules) => void change(withRules(draft, rules))}
      />
      {conflicts.map(({ kind, ruleIds, message }) => (
        <FindingRow
          key={`${kind} ${ruleIds.join(' ')}`}
          severity="warning"
          message={message}
          fix={undefined}
        />
      ))}
      {error === null ? null : <ErrorPanel {...error} fix={undefined} />}
      {editable ? (
        <div className="row">
          <Button loading={busy} disabled={!changed} onClick={() => void save()}>
            Put in force
          </Button>
          <Button variant="default" disabled={!changed || busy} onClick={() => void read()}>
            Discard changes
          </Button>
        </div>
      ) : null}
      {filter.xml === '' ? null : (
        <Disclosure label={`${filter.name}, on ${filter.inherits ?? 'nothing'}`}>
          {() => <CodeBlock text={filter.xml} label="Filter XML" />}
        </Disclosure>
      )}
    </section>
  );
}
