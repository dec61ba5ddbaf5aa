import './filters.css';
import { useCallback, useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type { Filter, FilterOwner } from '../../../src-contract/model/filter.ts';
import { listFilters } from '../../bridge/commands.ts';
import { may } from '../../store/roles.ts';
import type { BerthState } from '../../store/state.ts';
import { useBerth } from '../../store/use-berth.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { href } from '../../ui/navigation.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { FilterEditor } from './FilterEditor.tsx';
import { presetLabel, stateBadge } from './labels.ts';

const departmentOf = (state: BerthState, { kind, id }: FilterOwner) =>
  state.departments.get(kind === 'department' ? id : (state.machines.get(id)?.departmentId ?? ''));

function nameOf(state: BerthState, { kind, id }: FilterOwner): string {
  const owner = kind === 'department' ? state.departments.get(id) : state.machines.get(id);
  return owner?.name ?? id;
}

function Item({ filter }: { filter: Filter }) {
  const { owner, policy } = filter;
  const name = useBerth((state) => nameOf(state, owner));
  const count = policy.rules.length;
  return (
    <li className="row filter-item" data-testid="filter">
      <a className="filter-owner ellipsis" href={href.filter(owner.kind, owner.id)}>
        {name}
      </a>
      <span className="tag">{owner.kind}</span>
      <span className="muted">
        {presetLabel(policy.preset)}
        {count === 0 ? '' : `, ${count === 1 ? 'one rule' : `${count} rules`}`}
      </span>
      <StateBadge {...stateBadge(filter)} />
    </li>
  );
}

function List() {
  const [filters, setFilters] = useState<readonly Filter[] | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const load = useCallback(async () => {
    const answer = await listFilters();
    if (answer.ok) setFilters(answer.value);
    else setError(answer.error);
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  return (
    <div className="page" data-testid="filters-page">
      <PageHeader
        title="Network filters"
        subtitle="What departments’ machines may reach, and who may reach them"
      />
      <div className="page-body">
        <div className="page-width stack">
          {error === null ? null : <ErrorPanel {...error} fix={undefined} />}
          <ul className="card">
            {(filters ?? []).map((filter) => (
              <Item key={`${filter.owner.kind} ${filter.owner.id}`} filter={filter} />
            ))}
          </ul>
          <p className="muted">A machine gets rules of its own on its page.</p>
        </div>
      </div>
    </div>
  );
}

function One({ owner }: { owner: FilterOwner }) {
  const name = useBerth((state) => nameOf(state, owner));
  const editable = useBerth((state) => may(state, 'filters.set', departmentOf(state, owner)?.id));
  return (
    <div className="page" data-testid="filter-page">
      <PageHeader
        title={`Network filter of ${name}`}
        subtitle={
          owner.kind === 'machine'
            ? 'It can close what its department leaves open, and not the reverse'
            : 'Its rules come before those of its machines'
        }
        back={{ to: href.filters(), label: 'Back to the filters' }}
      />
      <div className="page-body">
        <div className="page-width stack">
          <FilterEditor owner={owner} editable={editable} />
        </div>
      </div>
    </div>
  );
}

/** The filters of departments and machines, or one of them. */
export function FiltersView({ owner }: { owner: FilterOwner | null }) {
  return owner === null ? <List /> : <One owner={owner} />;
}
