import type { BerthEvent } from '../../src-contract/model/events.ts';

type CreationEvent = Extract<BerthEvent, { creation: unknown }>;
type Subscribe = (listener: (event: BerthEvent) => void) => () => void;

/** The events of certain creations and of no other. Those that come before their ids are known are kept until then. */
export class CreationFeed {
  readonly #show: (event: CreationEvent) => void;
  #early: CreationEvent[] = [];
  #ids: ReadonlySet<string> | null = null;
  readonly stop: () => void;

  constructor(subscribe: Subscribe, show: (event: CreationEvent) => void) {
    this.#show = show;
    this.stop = subscribe((event) => {
      if ('creation' in event) this.#take(event);
    });
  }

  follow(ids: readonly string[]): void {
    this.#ids = new Set(ids);
    for (const event of this.#early) this.#take(event);
    this.#early = [];
  }

  #take(event: CreationEvent): void {
    if (this.#ids === null) this.#early.push(event);
    else if (this.#ids.has(event.creation.id)) this.#show(event);
  }
}
