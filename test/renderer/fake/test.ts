import { test as base, expect } from '@playwright/test';
import type { Snapshot } from '../../../src-contract/model/snapshot.ts';
import { FakeMain } from './fake-main.ts';
import { snapshot } from './fixtures.ts';

type Fixtures = {
  /** Opens the window on a fake main that starts with this state. */
  open: (
    state?: Partial<Snapshot>,
    address?: string,
    prepare?: (main: FakeMain) => void,
  ) => Promise<FakeMain>;
  /** Messages that a spec expects in the console. */
  tolerated: RegExp[];
};

/** Fails every spec whose page logs an error, throws, or breaks the content security policy. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads fixtures from this pattern
  tolerated: async ({}, use) => {
    await use([]);
  },
  open: async ({ page, tolerated }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    await use(async (state = {}, address = '/index.html', prepare = () => undefined) => {
      const main = await FakeMain.attach(page, snapshot(state));
      prepare(main);
      await page.goto(address);
      return main;
    });
    const unexpected = complaints.filter((text) => !tolerated.some((known) => known.test(text)));
    expect(unexpected).toEqual([]);
  },
});

export { expect };
