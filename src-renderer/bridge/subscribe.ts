import './zod-config.ts';
import { notifyChannels } from '../../src-contract/channels.ts';
import type { BerthEvent } from '../../src-contract/model/events.ts';
import { applyAll, applySnapshot } from '../store/apply.ts';
import { berthStore } from '../store/berth-store.ts';
import { berthApi, invoke } from './invoke.ts';

/** Bad batches are dropped whole and the truth is fetched again: half a batch would be a lie. */
function parseBatch(payload: unknown): BerthEvent[] | null {
  const parsed = notifyChannels.events.safeParse(payload);
  if (parsed.success) return parsed.data;
  console.error('events that do not fit the contract', parsed.error.message);
  return null;
}

/** A department that appears or goes takes its machines and creations with it, which no event tells. */
function visible(): string {
  return [...berthStore.getState().departments.keys()].sort().join(' ');
}

/**
 * Connects the store to main: listens first, then takes the snapshot, then applies what came in
 * between. Events that are not newer than the snapshot are dropped by their revision.
 */
export function connectStore(): { refresh: () => Promise<void>; stop: () => void } {
  let waiting: BerthEvent[] | null = [];

  async function refresh(): Promise<void> {
    waiting ??= [];
    const answer = await invoke('app.snapshot', undefined);
    const missed = waiting ?? [];
    waiting = null;
    if (answer.ok) {
      berthStore.setState((state) => applyAll(missed, applySnapshot(answer.value, state)));
    } else {
      berthStore.setState({ phase: 'failed', failure: answer.error });
    }
  }

  const stop = berthApi().on('events', (payload) => {
    const events = parseBatch(payload);
    if (events === null) void refresh();
    else if (waiting !== null) waiting.push(...events);
    else {
      const before = visible();
      berthStore.setState((state) => applyAll(events, state));
      if (visible() !== before) void refresh();
    }
  });
  return { refresh, stop };
}
