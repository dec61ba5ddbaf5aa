import type { Locator, Page } from '@playwright/test';

/** Asks before a machine and its disks are removed for good. */
export class DeleteDialog {
  readonly root: Locator;
  readonly confirm: Locator;
  readonly cancel: Locator;
  readonly error: Locator;

  constructor(page: Page) {
    this.root = page.getByRole('dialog');
    this.confirm = this.root.getByRole('button', { name: 'Delete', exact: true });
    this.cancel = this.root.getByRole('button', { name: 'Cancel' });
    this.error = this.root.getByTestId('error');
  }
}
