import type { Page } from '@playwright/test';
import type { BerthEvent } from '../../src-contract/model/events.ts';
import { LibraryPage } from '../page-objects/library-page.ts';
import { machine } from './fake/fixtures.ts';
import { many } from './fake/scenes.ts';
import { expect, test } from './fake/test.ts';

/** Delivers events inside the page and waits for the frame that shows them; milliseconds. */
function deliver(page: Page, events: BerthEvent[]) {
  return page.evaluate(async (payload) => {
    const touched = new Set<string>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        touched.add(element?.closest('[data-machine]')?.getAttribute('data-machine') ?? 'outside');
      }
    });
    const list = document.querySelector('[data-testid="machine-list"]');
    if (list) {
      observer.observe(list, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    }
    const start = performance.now();
    const { berthListeners } = window as unknown as {
      berthListeners: Set<(payload: unknown) => void>;
    };
    for (const listener of berthListeners) listener(payload);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    observer.disconnect();
    return { milliseconds: performance.now() - start, touched: [...touched] };
  }, events);
}

const WORK = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];

/**
 * CPU time that scripts, style and layout take of the main thread in each of 60 frames. Painting is
 * left out (it is the graphics card's where there is one), and so are other processes.
 */
async function frameCost(page: Page, sixtyFrames: () => Promise<void>): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics
      .filter(({ name }) => WORK.includes(name))
      .reduce((sum, { value }) => sum + value, 0);
  };
  const before = await busy();
  await sixtyFrames();
  return (((await busy()) - before) * 1000) / 60;
}

test('a thousand machines: few rows drawn, one row touched by its event', async ({
  page,
  open,
}) => {
  const main = await open({ machines: many(1000) });
  const library = new LibraryPage(page);
  await expect(library.row('machine-1')).toBeVisible();
  expect(await library.rows.count()).toBeLessThan(40);
  const times: number[] = [];
  for (const power of ['paused', 'running', 'paused', 'running', 'paused'] as const) {
    const result = await deliver(page, [main.machineEvent(machine(2, { power }))]);
    expect(result.touched).toEqual(['machine-2']);
    times.push(result.milliseconds);
  }
  await expect(library.state('machine-2')).toHaveText('Paused');
  const best = Math.min(...times);
  test.info().annotations.push({ type: 'row update (ms, best of 5)', description: `${best}` });
  expect(best).toBeLessThan(100);
});

test('a thousand machines: scrolling reaches the end, search finds one', async ({ page, open }) => {
  await open({ machines: many(1000) });
  const library = new LibraryPage(page);
  await expect(library.row('machine-1')).toBeVisible();
  const perFrame = await frameCost(page, () =>
    library.list.evaluate(async (list) => {
      for (let step = 0; step < 60; step += 1) {
        list.scrollTop += 100;
        await new Promise(requestAnimationFrame);
      }
    }),
  );
  test
    .info()
    .annotations.push({ type: 'main thread (CPU ms a frame)', description: `${perFrame}` });
  console.log(`scrolling: ${perFrame.toFixed(1)} ms of script, style and layout a frame`);
  expect(perFrame).toBeLessThan(16.7);
  await library.list.evaluate((list) => {
    list.scrollTop = list.scrollHeight;
  });
  await expect(library.row('machine-1000')).toBeVisible();
  await library.search.fill('machine-777');
  await expect(library.rows).toHaveCount(1);
  await expect(library.row('machine-777')).toBeVisible();
});

test('a thousand machines: keys walk past what is drawn', async ({ page, open }) => {
  await open({ machines: many(1000) });
  const library = new LibraryPage(page);
  await library.rows.first().focus();
  await page.keyboard.press('End');
  await expect(library.row('machine-1000')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(library.row('machine-999')).toBeFocused();
});
