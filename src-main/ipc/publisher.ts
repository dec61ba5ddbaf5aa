import type { BerthEvent } from '../../src-contract/model/events.ts';

export interface EventSource {
  subscribe(listener: (event: BerthEvent) => void): () => void;
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
