import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { LibraryPage } from '../page-objects/library-page.ts';
import { few, SCENES } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const clipped = [document.documentElement, ...document.querySelectorAll('.page-body, .main')];
    return clipped
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .map((element) => `${element.className} ${element.scrollWidth} > ${element.clientWidth}`);
  });
}

test.setTimeout(180_000);

for (const scene of SCENES) {
  test(`${scene.name}: accessible in both schemes, nothing cut off`, async ({ page, open }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(scene.state, `/index.html${scene.address}`, scene.prepare);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })),
        colorScheme,
      ).toEqual([]);
    }
    for (const width of [720, 900, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await overflow(page), `at ${width}`).toEqual([]);
    }
  });
}

test('the scheme follows the system until one is chosen, and the choice stays', async ({
  page,
  open,
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open({ machines: few });
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.reload();
  await expect(new LibraryPage(page).row('web')).toBeVisible();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

test('the policy forbids inline styles and scripts, and nothing needs them', async ({
  page,
  open,
}) => {
  await open({ machines: few });
  const policy = await page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  await new LibraryPage(page).chooseFromMenu('web', 'Delete');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await page.locator('style').count()).toBe(0);
});
