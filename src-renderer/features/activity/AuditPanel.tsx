import { Button, Select, TextInput } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { AuditEntry } from '../../../src-contract/model/audit.ts';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import { audit } from '../../bridge/commands.ts';
import { useBerth, useBerthShallow } from '../../store/use-berth.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { formatDate } from '../../ui/format.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';
import { ExportButton } from './ExportButton.tsx';

const PAGE = 100;
const TONE = { done: 'quiet', failed: 'bad', forbidden: 'warn' } as const;

type Filter = { command: string; departmentId: string | null };

function useAudit({ command, departmentId }: Filter) {
  const [entries, setEntries] = useState<readonly AuditEntry[] | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const load = useCallback(
    async (before?: number) => {
      const answer = await audit({
        limit: PAGE,
        ...(before !== undefined && { before }),
        ...(command !== '' && { command }),
        ...(departmentId !== null && { departmentId }),
      });
      setError(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      setHasMore(answer.value.length === PAGE);
      setEntries((known) =>
        before === undefined ? answer.value : [...(known ?? []), ...answer.value],
      );
    },
    [command, departmentId],
  );
  useEffect(() => {
    void load();
  }, [load]);
  return { entries, error, hasMore, loadMore: () => load(entries?.at(-1)?.id) };
}

function Tools({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const departments = useBerthShallow((state) => [...state.departments.values()]);
  const [typed, setTyped] = useState(filter.command);
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ ...filter, command: typed.trim() });
        }}
      >
        <TextInput
          aria-label="Command"
          placeholder="Command or topic"
          value={typed}
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => onChange({ ...filter, command: typed.trim() })}
        />
      </form>
      <Select
        aria-label="Department"
        placeholder="All departments"
        clearable
        data={departments.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.departmentId}
        onChange={(departmentId) => onChange({ ...filter, departmentId })}
      />
    </>
  );
}

function Row({ entry }: { entry: AuditEntry }) {
  const department = useBerth((state) =>
    entry.departmentId === null
      ? ''
      : (state.departments.get(entry.departmentId)?.name ?? entry.departmentId),
  );
  const inputs = JSON.stringify(entry.inputs);
  return (
    <tr data-testid="audit-row">
      <td>{formatDate(entry.at)}</td>
      <td>{entry.actor}</td>
      <td>
        <code>{entry.command}</code>
        <div className="muted ellipsis selectable" title={inputs}>
          {inputs === '{}' ? entry.subject : inputs}
        </div>
      </td>
      <td>{department}</td>
      <td>
        <StateBadge tone={TONE[entry.outcome]} label={entry.errorCode ?? entry.outcome} />
      </td>
    </tr>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <table className="activity-table">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col" className="narrow">
            Who
          </th>
          <th scope="col" className="wide">
            Command
          </th>
          <th scope="col">Department</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

/** Who did what. Nobody can change it. */
export function AuditPanel() {
  const [filter, setFilter] = useState<Filter>({ command: '', departmentId: null });
  const { entries, error, hasMore, loadMore } = useAudit(filter);
  return (
    <div className="activity-panel" data-testid="audit">
      <div className="activity-tools">
        <Tools filter={filter} onChange={setFilter} />
        {entries?.length ? <ExportButton value={entries} what="audit" /> : null}
      </div>
      {error ? <ErrorPanel {...error} fix={undefined} /> : null}
      {entries?.length ? (
        <section className="card card-pad" aria-label="Audit">
          <Entries entries={entries} />
          {hasMore ? (
            <Button variant="default" onClick={() => void loadMore()}>
              Older entries
            </Button>
          ) : null}
        </section>
      ) : null}
      {entries?.length === 0 ? (
        <EmptyState icon={<IconListDetails size={36} stroke={1.6} />} title="No entries">
          Every command that changes something is written down here, with who gave it. Nothing
          matches these filters.
        </EmptyState>
      ) : null}
    </div>
  );
}
