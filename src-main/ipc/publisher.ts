import type { BerthEvent } from '../../src-contract/model/events.ts';

export interface EventSource {
  subscribe(listener: (event: BerthEvent) => void): () => void;
}

/** Events that start with a snapshot, which tells what came before it. */
export interface EventsAfterSnapshot extends EventSource {
  /** The snapshot of that revision is on its way; later ones change nothing. */
  begin(revision: number): void;
}

/**
 * Keeps events back until there is a snapshot, then lets those through that are newer. Otherwise the first list of
 * machines would travel twice to a window that starts.
 */
export function afterSnapshot(source: EventSource): EventsAfterSnapshot {
  let kept: BerthEvent[] | null = [];
  let pass: (event: BerthEvent) => void = () => undefined;
  return {
    subscribe(listener) {
      pass = listener;
      return source.subscribe((event) => {
        if (kept === null) listener(event);
        else kept.push(event);
      });
    },
    begin(revision) {
      const events = kept ?? [];
      kept = null;
      for (const event of events) if (event.revision > revision) pass(event);
    },
  };
}

/** Events that follow one another more quickly than this travel together. */
const BATCH_MS = 8;

/**
 * Forwards events in order. The first after a pause goes at once, in the same turn of the event loop;
 * those behind it are gathered for a few milliseconds. Stops when the returned function is called.
 */
export function publish(source: EventSource, send: (events: BerthEvent[]) => void): () => void {
  let batch: BerthEvent[] = [];
  let timer: NodeJS.Timeout | null = null;
  let scheduled = false;
  let stopped = false;

  const flush = () => {
    if (stopped || batch.length === 0) return;
    const events = batch;
    batch = [];
    send(events);
  };
  const pause = () => {
    timer = setTimeout(() => {
      timer = null;
      if (batch.length > 0) {
        flush();
        pause();
      }
    }, BATCH_MS);
  };
  const unsubscribe = source.subscribe((event) => {
    batch.push(event);
    if (timer !== null || scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      flush();
      if (!stopped) pause();
    });
  });
  return () => {
    stopped = true;
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}
