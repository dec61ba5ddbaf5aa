import type { Locator, Page } from '@playwright/test';

/** The images that machines are made from. */
export class MediaPage {
  readonly page: Page;
  readonly root: Locator;
  readonly items: Locator;
  readonly emptyState: Locator;
  readonly add: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('media-page');
    this.items = this.root.getByTestId('media-item');
    this.emptyState = this.root.getByTestId('empty-state');
    this.add = this.root.getByRole('button', { name: 'Add an image' });
  }

  async open(): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Images' })
      .click();
    await this.root.waitFor();
  }

  item(name: string): Locator {
    return this.items.filter({ hasText: name });
  }

  /** Imports without the file dialog. */
  async addByPath(path: string): Promise<void> {
    const field = this.root.getByRole('textbox', { name: 'Path of the image' });
    if (!(await field.isVisible())) {
      await this.root.getByRole('button', { name: 'Add by path' }).click();
    }
    await field.fill(path);
    await this.root.getByRole('button', { name: 'Add', exact: true }).click();
  }

  async remove(name: string): Promise<void> {
    const item = this.item(name);
    await item.getByRole('button', { name: 'Remove' }).click();
    await item.getByRole('button', { name: 'Remove' }).click();
  }
}
