import { CloseButton, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { selectCounts } from '../../store/library-rows.ts';
import { libraryView, type SortOrder, type StateFilter } from '../../store/library-view.ts';
import { useBerthShallow } from '../../store/use-berth.ts';

const FILTERS: readonly { value: StateFilter; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'off', label: 'Off' },
  { value: 'attention', label: 'Attention' },
];
const SORTS: readonly { value: SortOrder; label: string }[] = [
  { value: 'name', label: 'By name' },
  { value: 'state', label: 'By state' },
  { value: 'newest', label: 'Newest first' },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}

/** `/` and Ctrl+F lead to the search field from anywhere in the library. */
function useSearchShortcut(focus: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const find = event.ctrlKey && event.key.toLowerCase() === 'f';
      if (!find && (event.key !== '/' || isTyping(event.target))) return;
      event.preventDefault();
      focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [focus]);
}

export function LibraryTools() {
  const view = useStore(libraryView);
  const counts = useBerthShallow(selectCounts);
  const input = useRef<HTMLInputElement>(null);
  useSearchShortcut(() => input.current?.select());
  const search = (text: string) => libraryView.setState({ search: text });
  return (
    <search className="library-tools">
      <TextInput
        ref={input}
        className="library-search"
        aria-label="Search machines"
        placeholder="Search by name, system or address  (/)"
        leftSection={<IconSearch size={15} />}
        rightSection={
          view.search ? (
            <CloseButton size="sm" aria-label="Clear the search" onClick={() => search('')} />
          ) : null
        }
        value={view.search}
        onChange={(event) => search(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') search('');
        }}
      />
      <SegmentedControl<StateFilter>
        aria-label="Filter by state"
        value={view.filter}
        onChange={(filter) => libraryView.setState({ filter })}
        data={FILTERS.map(({ value, label }) => ({
          value,
          label: `${label} ${counts[value]}`,
        }))}
      />
      <Select
        className="library-sort"
        aria-label="Sort"
        allowDeselect={false}
        value={view.sort}
        data={SORTS.map((sort) => ({ ...sort }))}
        onChange={(sort) => {
          const chosen = SORTS.find(({ value }) => value === sort);
          if (chosen) libraryView.setState({ sort: chosen.value });
        }}
      />
    </search>
  );
}
