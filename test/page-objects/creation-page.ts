import type { Locator, Page } from '@playwright/test';

/** One creation: its stages while it runs, and its outcome. */
export class CreationPage {
  readonly page: Page;
  readonly root: Locator;
  readonly stages: Locator;
  readonly outcome: Locator;
  readonly error: Locator;
  readonly undone: Locator;
  readonly cancelButton: Locator;
  readonly retry: Locator;
  readonly editAndRetry: Locator;
  readonly dismiss: Locator;
  readonly openConsole: Locator;
  readonly goToMachine: Locator;
  readonly thumbnail: Locator;
  readonly log: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('creation-page');
    this.stages = this.root.getByTestId('stage');
    this.outcome = this.root.getByTestId('outcome');
    this.error = this.outcome.getByTestId('error');
    this.undone = this.outcome.getByTestId('undone');
    this.cancelButton = this.root.getByRole('button', { name: 'Cancel', exact: true });
    this.retry = this.outcome.getByTestId('retry');
    this.editAndRetry = this.outcome.getByTestId('edit-retry');
    this.dismiss = this.outcome.getByTestId('dismiss');
    this.openConsole = this.outcome.getByTestId('open-console');
    this.goToMachine = this.outcome.getByRole('link', { name: 'Go to the machine' });
    this.thumbnail = this.root.getByTestId('thumbnail');
    this.log = this.root.getByTestId('log');
  }

  /** Attribute `data-state` is the stage's state: `pending`, `running`, `done` … */
  stage(stage: string): Locator {
    return this.root.locator(`[data-testid="stage"][data-stage="${stage}"]`);
  }

  /** Waits for a state of the creation, such as `completed` or `failed`. */
  async waitForState(state: string, timeout = 30_000): Promise<void> {
    await this.page
      .locator(`[data-testid="creation-page"][data-state="${state}"]`)
      .waitFor({ timeout });
  }

  async cancel(): Promise<void> {
    await this.cancelButton.click();
    await this.root.getByRole('button', { name: 'Cancel and undo' }).click();
  }

  async openLog(): Promise<void> {
    await this.root.getByRole('button', { name: 'Log' }).click();
    await this.log.waitFor();
  }
}
