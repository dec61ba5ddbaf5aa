import { test as base, type Page } from '@playwright/test';
import { CreatePage } from '../page-objects/create-page.ts';
import { CreationPage } from '../page-objects/creation-page.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { MachinePage } from '../page-objects/machine-page.ts';
import { MediaPage } from '../page-objects/media-page.ts';
import { type LaunchedApp, launchApp } from '../support/app.ts';
import { startRootDaemon, type TestDaemon } from '../support/daemon/index.ts';

export interface Views {
  library: LibraryPage;
  create: CreatePage;
  creation: CreationPage;
  machine: MachinePage;
  media: MediaPage;
}

const viewsOf = (page: Page): Views => ({
  library: new LibraryPage(page),
  create: new CreatePage(page),
  creation: new CreationPage(page),
  machine: new MachinePage(page),
  media: new MediaPage(page),
});

function environment(daemon: TestDaemon): Record<string, string> {
  return {
    BERTH_LIBVIRT_URI: daemon.uri,
    BERTH_DAEMON_PATHS: `/var/lib/libvirt=${daemon.outerPath('/var/lib/libvirt')}`,
  };
}

/** One daemon a worker; one app with a home of its own a test. */
export const test = base.extend<
  { launched: LaunchedApp; page: Page; views: Views },
  { daemon: TestDaemon }
>({
  daemon: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from the pattern
    async ({}, use) => {
      const daemon = await startRootDaemon();
      await use(daemon);
      await daemon.stop();
    },
    { scope: 'worker' },
  ],
  launched: async ({ daemon }, use) => {
    const launched = await launchApp({ env: environment(daemon) });
    await use(launched);
    await launched.close();
  },
  page: async ({ launched }, use) => {
    await use(launched.page);
  },
  views: async ({ page }, use) => {
    await use(viewsOf(page));
  },
});

export { expect } from '@playwright/test';
export { viewsOf };
