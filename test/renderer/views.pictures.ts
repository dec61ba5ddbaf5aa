import { PICTURE_SCENES, type PictureScene } from './fake/picture-scenes.ts';
import { SCENES } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

/** Pictures of every view for people to look at. They prove nothing by themselves. */
const FOLDER = process.env['BERTH_SCREENSHOTS'] ?? '';
const SIZES = [
  { width: 900, height: 640 },
  { width: 1280, height: 800 },
  { width: 1680, height: 1050 },
];

const ALL: readonly PictureScene[] = [...SCENES, ...PICTURE_SCENES];

for (const scene of ALL) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${scene.name} ${scheme}`, async ({ page, open }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await open(scene.state, `/index.html${scene.address}`, scene.prepare);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await scene.act?.(page);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: `${FOLDER}/${scene.name}-${scheme}-${size.width}.png` });
      }
    });
  }
}
