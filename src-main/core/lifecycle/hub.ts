import type { BerthEvent } from '../../../src-contract/model/events.ts';
import type { EventSink, RawEvent } from '../ports/event-sink.ts';
import type { Clock, Log } from '../ports/system.ts';

export type EventListener = (event: BerthEvent) => void;

/** The one place where events get their revision and time, and from where they fan out, in order. */
export class Hub implements EventSink {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Set<EventListener>();
  readonly #queue: BerthEvent[] = [];
  #revision = 0;
  #delivering = false;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Revision of the newest event; the next one gets one more. */
  get revision(): number {
    return this.#revision;
  }

  emit(raw: RawEvent): void {
    this.#revision += 1;
    this.#queue.push(stamp(raw, this.#revision, this.#clock.now()));
    if (!this.#delivering) this.#deliver();
  }

  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** A listener that emits must not overtake the event that it listens to, hence the queue. */
  #deliver(): void {
    this.#delivering = true;
    for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
      for (const listener of this.#listeners) {
        try {
          listener(event);
        } catch (error) {
          this.#log.error('an event listener failed', { type: event.type, error });
        }
      }
    }
    this.#delivering = false;
  }
}

function stamp(raw: RawEvent, revision: number, at: number): BerthEvent {
  if (raw.type === 'vms.status_changed') {
    return { ...raw, machine: { ...raw.machine, revision }, revision, at };
  }
  if (raw.type === 'machines.reset') {
    return {
      ...raw,
      machines: raw.machines.map((machine) => ({ ...machine, revision })),
      revision,
      at,
    };
  }
  return { ...raw, revision, at };
}
