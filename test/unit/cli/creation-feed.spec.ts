import { expect, it } from 'vitest';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { CreationFeed } from '../../../src-main/cli/creation-feed.ts';
import { request, TestBench } from '../creation/test-bench.ts';

it('shows the events of the creations that were asked for, early ones included, and of no other', async () => {
  const berth = new TestBench().process();
  const { creationId: mine } = await berth.service.start(request('blank', 'mine'));
  const { creationId: other } = await berth.service.start(request('blank', 'other'));
  for (const id of [mine, other]) await berth.until(id, 'ready');
  const events: BerthEvent[] = berth.events.all.map((event, at) => ({
    ...event,
    revision: at,
    at,
  }));
  const ofMine = events.filter((event) => 'creation' in event && event.creationId === mine);
  expect(ofMine.length).toBeGreaterThan(2);
  expect(ofMine.length).toBeLessThan(events.length);

  const shown: BerthEvent[] = [];
  let tell: (event: BerthEvent) => void = () => undefined;
  let listening = true;
  const feed = new CreationFeed(
    (listener) => {
      tell = listener;
      return () => {
        listening = false;
      };
    },
    (event) => shown.push(event),
  );
  const half = events.indexOf(ofMine[1] ?? events[0]!) + 1;
  for (const event of events.slice(0, half)) tell(event);
  expect(shown).toEqual([]);
  feed.follow([mine]);
  for (const event of events.slice(half)) tell(event);
  expect(shown).toEqual(ofMine);
  feed.stop();
  expect(listening).toBe(false);
});
