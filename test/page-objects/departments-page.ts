import type { Locator, Page } from '@playwright/test';

/** Departments with their members and limits. */
export class DepartmentsPage {
  readonly page: Page;
  readonly root: Locator;
  readonly items: Locator;
  readonly make: Locator;
  readonly editor: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('departments-page');
    this.items = this.root.getByTestId('department');
    this.make = this.root.getByRole('button', { name: 'New department' });
    this.editor = this.root.getByTestId('department-editor');
  }

  async open(): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Departments' })
      .click();
    await this.root.waitFor();
  }

  /** A department by its id. */
  item(id: string): Locator {
    return this.root.locator(`[data-department="${id}"]`);
  }

  usage(id: string, resource: string): Locator {
    return this.item(id).locator(`[data-resource="${resource}"]`);
  }

  field(name: string): Locator {
    return this.editor.getByRole('textbox', { name, exact: true });
  }

  async choose(name: string, option: string): Promise<void> {
    await this.editor.getByRole('combobox', { name }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }
}
