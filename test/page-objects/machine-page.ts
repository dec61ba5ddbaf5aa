import type { Locator, Page } from '@playwright/test';

/** Everything about one machine. */
export class MachinePage {
  readonly page: Page;
  readonly root: Locator;
  readonly heading: Locator;
  readonly addresses: Locator;
  readonly thumbnail: Locator;
  readonly devices: Locator;
  readonly xml: Locator;

  constructor(page: Page) {
    this.page = page;
    this.root = page.getByTestId('machine-page');
    this.heading = this.root.getByRole('heading', { level: 1 });
    this.addresses = this.root.getByTestId('addresses');
    this.thumbnail = this.root.getByTestId('thumbnail');
    this.devices = this.root.getByTestId('devices');
    this.xml = this.root.getByRole('region', { name: 'Domain XML' });
  }

  /** Waits for a power state: `running`, `off`, `paused` … */
  async waitForPower(power: string, timeout = 30_000): Promise<void> {
    await this.page
      .locator(`[data-testid="machine-page"][data-power="${power}"]`)
      .waitFor({ timeout });
  }

  /** A button of the header: `Start`, `Shut down`, `Force off`, `Open console` … */
  action(name: string): Locator {
    return this.root.locator('.page-actions').getByRole('button', { name, exact: true });
  }

  async chooseFromMenu(item: string): Promise<void> {
    await this.root.getByRole('button', { name: /^More for / }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  async showXml(): Promise<void> {
    await this.root.getByRole('tab', { name: 'Domain XML' }).click();
    await this.xml.waitFor();
  }
}
