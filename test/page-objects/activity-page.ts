import type { Locator, Page } from '@playwright/test';

export class ActivityPage {
  readonly root: Locator;
  readonly history: Locator;
  readonly metrics: Locator;
  readonly audit: Locator;
  readonly auditRows: Locator;
  readonly emptyState: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.root = page.getByTestId('activity-page');
    this.history = page.getByTestId('history-row');
    this.metrics = page.getByTestId('metrics');
    this.audit = page.getByTestId('audit');
    this.auditRows = page.getByTestId('audit-row');
    this.emptyState = page.getByTestId('empty-state');
  }

  async show(tab: 'Creations' | 'Metrics' | 'Audit'): Promise<void> {
    await this.#page.getByRole('tab', { name: tab }).click();
  }

  chart(name: string): Locator {
    return this.#page.getByRole('table', { name });
  }
}
