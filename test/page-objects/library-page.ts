import type { Locator, Page } from '@playwright/test';

export type StateFilter = 'All' | 'Running' | 'Off' | 'Attention';

/** The list of machines, where the window starts. */
export class LibraryPage {
  readonly page: Page;
  readonly root: Locator;
  readonly emptyState: Locator;
  readonly list: Locator;
  /** All rows that are drawn now; a long list draws only what is visible. */
  readonly rows: Locator;
  readonly search: Locator;
  readonly newMachine: Locator;
  readonly makeTryout: Locator;
  readonly connectionBanner: Locator;
  readonly notes: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('library');
    this.emptyState = this.root.getByTestId('empty-state');
    this.list = this.root.getByTestId('machine-list');
    this.rows = this.list.getByRole('row');
    this.search = this.root.getByRole('textbox', { name: 'Search machines' });
    this.newMachine = this.root.getByRole('link', { name: 'New machine' });
    this.makeTryout = this.root.getByRole('link', { name: 'Make a try-out machine' });
    this.connectionBanner = page.getByTestId('connection-banner');
    this.notes = this.root.getByTestId('library-notes');
  }

  /** Comes here from any other view. */
  async open(): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: 'Machines' })
      .click();
    await this.root.waitFor();
  }

  row(name: string): Locator {
    return this.list.locator(`[data-testid="machine-row"][data-machine="${name}"]`);
  }

  creationRow(name: string): Locator {
    return this.list.locator(`[data-testid="creation-row"][data-machine="${name}"]`);
  }

  /** The pill of a row: `Running`, `Off`, `First boot` … */
  state(name: string): Locator {
    return this.list.locator(`[data-machine="${name}"]`).getByTestId('state');
  }

  async openMachine(name: string): Promise<void> {
    await this.row(name).locator('.machine-name').click();
  }

  async openCreation(name: string): Promise<void> {
    await this.creationRow(name).locator('.machine-name').click();
  }

  /** The row's own button, such as `Start` or `Open console`. */
  action(name: string, action: string): Locator {
    return this.row(name).getByRole('button', { name: `${action}: ${name}` });
  }

  async chooseFromMenu(name: string, item: string): Promise<void> {
    await this.row(name)
      .getByRole('button', { name: `More for ${name}` })
      .click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  async filter(by: StateFilter): Promise<void> {
    await this.root.locator('label', { hasText: new RegExp(`^${by} `) }).click();
  }

  async sort(by: 'By name' | 'By state' | 'Newest first'): Promise<void> {
    await this.root.getByRole('combobox', { name: 'Sort' }).click();
    await this.page.getByRole('option', { name: by }).click();
  }
}
