import type { Creation } from '../../src-contract/model/creation.ts';
import type { Machine } from '../../src-contract/model/machine.ts';
import type { LibraryView, StateFilter } from './library-view.ts';
import type { BerthState } from './state.ts';

/** `c:<creation id>` or `m:<machine id>`: strings, so that an unchanged list compares equal. */
export type RowKey = `c:${string}` | `m:${string}`;

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

const POWER_RANK = { running: 0, starting: 1, stopping: 2, paused: 3, crashed: 4, off: 5 } as const;

/** A creation has a row of its own until its machine runs, and while it needs a decision. */
function hasRow(creation: Creation): boolean {
  switch (creation.state) {
    case 'queued':
    case 'running':
    case 'rolling-back':
    case 'failed':
      return true;
    case 'cancelled':
      return creation.undone.some((item) => !item.verified);
    default:
      return false;
  }
}

function needsAttention(machine: Machine): boolean {
  return (
    machine.power === 'crashed' ||
    machine.deleteFailed ||
    machine.provisioning === 'failed' ||
    machine.provisioning === 'stalled'
  );
}

function passes(machine: Machine, filter: StateFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'off':
      return machine.power === 'off';
    case 'attention':
      return needsAttention(machine);
    case 'running':
      return machine.power !== 'off' && machine.power !== 'crashed';
  }
}

function matches(machine: Machine, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text =
    `${machine.name} ${machine.osLabel ?? ''} ${machine.addresses.join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function compare(sort: LibraryView['sort']): (a: Machine, b: Machine) => number {
  const byName = (a: Machine, b: Machine) => collator.compare(a.name, b.name);
  if (sort === 'name') return byName;
  if (sort === 'newest') return (a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0) || byName(a, b);
  return (a, b) => POWER_RANK[a.power] - POWER_RANK[b.power] || byName(a, b);
}

export function selectRows(state: BerthState, view: LibraryView): RowKey[] {
  const words = view.search.toLowerCase().split(/\s+/).filter(Boolean);
  const creations = [...state.creations.values()]
    .filter(hasRow)
    .filter((creation) => view.filter === 'all' || (view.filter === 'attention' && creation.error))
    .filter((creation) => words.every((word) => creation.name.toLowerCase().includes(word)))
    .sort((a, b) => b.createdAt - a.createdAt);
  const replaced = new Set(creations.map((creation) => creation.machineId));
  const machines = [...state.machines.values()]
    .filter((machine) => !replaced.has(machine.id))
    .filter((machine) => passes(machine, view.filter) && matches(machine, words))
    .sort(compare(view.sort));
  return [
    ...creations.map((creation): RowKey => `c:${creation.id}`),
    ...machines.map((machine): RowKey => `m:${machine.id}`),
  ];
}

export type LibraryCounts = { all: number; running: number; off: number; attention: number };

export function selectCounts(state: BerthState): LibraryCounts {
  const counts = { all: state.machines.size, running: 0, off: 0, attention: 0 };
  for (const machine of state.machines.values()) {
    if (machine.power === 'off') counts.off += 1;
    else if (machine.power !== 'crashed') counts.running += 1;
    if (needsAttention(machine)) counts.attention += 1;
  }
  return counts;
}

/** Whether there is nothing at all to show, filters aside. */
export const isEmpty = (state: BerthState): boolean =>
  state.machines.size === 0 && ![...state.creations.values()].some(hasRow);
