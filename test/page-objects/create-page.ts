import type { Locator, Page } from '@playwright/test';

/** The gallery of templates and the form behind each of its cards. */
export class CreatePage {
  readonly page: Page;
  readonly gallery: Locator;
  readonly cards: Locator;
  readonly root: Locator;
  readonly name: Locator;
  readonly user: Locator;
  readonly password: Locator;
  readonly generate: Locator;
  readonly image: Locator;
  readonly addImage: Locator;
  readonly hardware: Locator;
  readonly vcpus: Locator;
  readonly memory: Locator;
  readonly disk: Locator;
  readonly receipt: Locator;
  readonly findings: Locator;
  readonly details: Locator;
  readonly create: Locator;
  readonly error: Locator;

  constructor(page: Page) {
    this.page = page;
    this.gallery = page.getByTestId('template-gallery');
    this.cards = this.gallery.getByTestId('template-card');
    this.root = page.getByTestId('create-page');
    this.name = this.root.getByRole('textbox', { name: 'Name', exact: true });
    this.user = this.root.getByRole('textbox', { name: 'User' });
    this.password = this.root.locator('input[autocomplete="new-password"]');
    this.generate = this.root.getByRole('button', { name: 'Generate' });
    this.image = this.root.getByRole('combobox', { name: 'Image' });
    this.addImage = this.root.getByRole('button', { name: 'Add an image' });
    this.hardware = this.root.getByTestId('hardware');
    this.vcpus = this.root.getByRole('textbox', { name: 'CPUs' });
    this.memory = this.root.getByRole('textbox', { name: 'Memory' });
    this.disk = this.root.getByRole('textbox', { name: 'Disk' });
    this.receipt = this.root.getByTestId('receipt');
    this.findings = this.receipt.getByTestId('finding');
    this.details = this.receipt.getByTestId('receipt-details');
    this.create = this.root.getByTestId('create');
    this.error = this.root.locator('.create-form').getByTestId('error');
  }

  /** A card of the gallery by the template's id. */
  card(templateId: string): Locator {
    return this.gallery.locator(`[data-template="${templateId}"]`);
  }

  async chooseTemplate(templateId: string): Promise<void> {
    await this.card(templateId).click();
    await this.root.waitFor();
  }

  finding(code: string): Locator {
    return this.receipt.locator(`[data-testid="finding"][data-code="${code}"]`);
  }

  async applyFix(code: string): Promise<void> {
    await this.finding(code).getByTestId('fix').click();
  }

  async fill(fields: { name?: string; user?: string; password?: string }): Promise<void> {
    if (fields.name !== undefined) await this.name.fill(fields.name);
    if (fields.user !== undefined) await this.user.fill(fields.user);
    if (fields.password !== undefined) await this.password.fill(fields.password);
  }

  async chooseImage(name: string): Promise<void> {
    await this.image.click();
    await this.page.getByRole('option', { name }).click();
  }

  /** Waits until the receipt allows it, then creates. */
  async submit(): Promise<void> {
    await this.create.click();
  }
}
