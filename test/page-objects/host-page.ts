import type { Locator, Page } from '@playwright/test';

/** The virtualization host and its checks. */
export class HostPage {
  readonly page: Page;
  readonly root: Locator;
  readonly checks: Locator;
  readonly checkAgain: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('host-page');
    this.checks = this.root.getByTestId('check');
    this.checkAgain = this.root.getByRole('button', { name: 'Check again' });
  }

  async open(): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Host' })
      .click();
    await this.root.waitFor();
  }

  /** Attribute `data-status` is `ok`, `warning` or `error`. */
  check(title: string): Locator {
    return this.checks.filter({ hasText: title });
  }
}
