import { test as base, expect } from '@playwright/test';
import type { Snapshot } from '../../../src-contract/model/snapshot.ts';
import { FakeMain } from './fake-main.ts';
import { snapshot } from './fixtures.ts';

type Fixtures = {
  /** Opens the window on a fake main that starts with this state. */
  open: (state?: Partial<Snapshot>, address?: string) => Promise<FakeMain>;
};

/** Fails every spec whose page logs an error, throws, or breaks the content security policy. */
export const test = base.extend<Fixtures>({
  open: async ({ page }, use) => {
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
    await use(async (state = {}, address = '/index.html') => {
      const main = await FakeMain.attach(page, snapshot(state));
      await page.goto(address);
      return main;
    });
    expect(complaints).toEqual([]);
  },
});

export { expect };
