import { useCallback, useEffect, useState } from 'react';
import type { ErrorData } from '../../../src-contract/model/error.ts';
import type {
  Filter,
  FilterConflict,
  FilterOwner,
  FilterPolicy,
} from '../../../src-contract/model/filter.ts';
import { checkFilter, readFilter, setFilter } from '../../bridge/commands.ts';

/** A filter as it is, as it is being changed, and what is wrong with the change. */
export function useFilter(owner: FilterOwner) {
  const { kind, id } = owner;
  const [filter, setFilterState] = useState<Filter | null>(null);
  const [draft, setDraft] = useState<FilterPolicy | null>(null);
  const [conflicts, setConflicts] = useState<readonly FilterConflict[]>([]);
  const [error, setError] = useState<ErrorData | null>(null);
  const [busy, setBusy] = useState(false);

  const take = useCallback((fresh: Filter) => {
    setFilterState(fresh);
    setDraft(fresh.policy);
    setConflicts(fresh.conflicts);
    setError(null);
  }, []);
  const read = useCallback(async () => {
    const answer = await readFilter({ kind, id });
    if (answer.ok) take(answer.value);
    else setError(answer.error);
  }, [kind, id, take]);
  useEffect(() => {
    void read();
  }, [read]);

  const change = async (policy: FilterPolicy) => {
    setDraft(policy);
    const answer = await checkFilter({ kind, id }, policy);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setConflicts(answer.value);
  };
  const save = async () => {
    if (draft === null) return;
    setBusy(true);
    const answer = await setFilter({ kind, id }, draft);
    setBusy(false);
    if (answer.ok) take(answer.value);
    else setError(answer.error);
  };
  return { filter, draft, conflicts, error, busy, change, save, read };
}
