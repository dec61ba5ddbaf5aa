import type { BerthEvent } from '../../../src-contract/model/events.ts';

type WithoutStamp<T> = T extends unknown ? Omit<T, 'revision' | 'at'> : never;

/** An event before lifecycle has stamped its revision and time. */
export type RawEvent = WithoutStamp<BerthEvent>;

export interface EventSink {
  emit(event: RawEvent): void;
}
