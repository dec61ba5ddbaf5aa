import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { berthStore } from '../../store/berth-store.ts';
import { askToDelete } from '../../store/dialogs.ts';
import { type RowKey, selectRows } from '../../store/library-rows.ts';
import { libraryView } from '../../store/library-view.ts';
import { allowedActions } from '../../store/machine-actions.ts';
import { useBerthShallow } from '../../store/use-berth.ts';
import { href, navigate } from '../../ui/navigation.ts';
import { CreationRow } from './CreationRow.tsx';
import { MachineRow } from './MachineRow.tsx';

/** Pixels; the same as `--row-height` of theme.css. */
const ROW_HEIGHT = 50;

const STEP: Record<string, (from: number, last: number) => number> = {
  ArrowDown: (from) => from + 1,
  ArrowUp: (from) => from - 1,
  PageDown: (from) => from + 10,
  PageUp: (from) => from - 10,
  Home: () => 0,
  End: (_from, last) => last,
};

/** Only machines that Berth made and that the person may delete. */
function remove(key: RowKey): void {
  const state = berthStore.getState();
  const machine = state.machines.get(key.slice(2));
  if (machine && allowedActions(state, machine).includes('delete')) askToDelete(machine.id);
}

function open(key: RowKey): void {
  const id = key.slice(2);
  navigate(key.startsWith('m:') ? href.machine(id) : href.creation(id));
}

/** Moves one tab stop through the rows; the row in question takes the focus once it is drawn. */
function useRowKeys(rows: readonly RowKey[], scrollTo: (index: number) => void) {
  const [active, setActive] = useState(0);
  const focusNext = useRef(false);
  const last = Math.max(0, rows.length - 1);
  const index = Math.min(active, last);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const key = rows[index];
    const onRow = event.target instanceof HTMLElement && event.target.matches('tr');
    if (!onRow || key === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = STEP[event.key];
    if (step) {
      const next = Math.min(Math.max(step(index, last), 0), last);
      focusNext.current = true;
      setActive(next);
      scrollTo(next);
    } else if (event.key === 'Enter') open(key);
    else if (event.key === 'Delete' && key.startsWith('m:')) remove(key);
    else return;
    event.preventDefault();
  };
  return { index, setActive, onKeyDown, focusNext };
}

export function MachineList() {
  const view = useStore(libraryView);
  const rows = useBerthShallow(useCallback((state) => selectRows(state, view), [view]));
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index] ?? index,
    overscan: 6,
  });
  const keys = useRowKeys(rows, (index) => virtual.scrollToIndex(index));
  const items = virtual.getVirtualItems();
  useEffect(() => {
    if (!keys.focusNext.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${keys.index + 1}"]`);
    if (!row) return;
    keys.focusNext.current = false;
    row.focus({ preventScroll: true });
  });
  const { setActive } = keys;
  if (rows.length === 0) {
    return (
      <p className="library-none" role="status">
        No machine matches.
      </p>
    );
  }
  return (
    <div className="card library-list">
      <div ref={scroller} className="library-scroll" data-testid="machine-list">
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take the focus and the arrow keys
          role="grid"
          className="library-canvas"
          aria-label="Machines"
          aria-rowcount={rows.length}
          onKeyDown={keys.onKeyDown}
          style={{ height: virtual.getTotalSize() }}
        >
          <tbody>
            {items.map((item) => {
              const key = rows[item.index];
              if (key === undefined) return null;
              const Row = key.startsWith('m:') ? MachineRow : CreationRow;
              return (
                <Row
                  key={key}
                  id={key.slice(2)}
                  index={item.index}
                  top={item.start}
                  active={item.index === keys.index}
                  onActivate={setActive}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
