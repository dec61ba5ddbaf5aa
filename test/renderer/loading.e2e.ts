import { LibraryPage } from '../page-objects/library-page.ts';
import { few } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

test.use({ tolerated: [/net::ERR_FAILED|Failed to fetch dynamically imported module/] });

test('a page whose script cannot be loaded says so, and leads on', async ({ page, open }) => {
  const script = /\/assets\/MediaView-[^/]*\.js$/;
  await page.route(script, (route) => route.abort());
  await open({ machines: few });
  const library = new LibraryPage(page);
  await library.root.waitFor();
  const images = page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Images', exact: true });

  await images.click();
  await expect(page.getByTestId('error')).toContainText('Berth could not show this page.');
  await library.open();
  await expect(library.rows).not.toHaveCount(0);

  await page.unroute(script);
  await images.click();
  await page.getByRole('button', { name: 'Load the window again' }).click();
  await expect(page.getByRole('heading', { name: 'Images' })).toBeVisible();
  await expect(page.getByTestId('error')).toHaveCount(0);
});
