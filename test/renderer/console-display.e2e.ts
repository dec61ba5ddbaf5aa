import { ConsolePage } from '../page-objects/console-page.ts';
import { machine } from './fake/fixtures.ts';
import { DisplayGuest, type Protocol, whyNoDisplay } from './fake/qemu.ts';
import { expect, test } from './fake/test.ts';

// What the libraries say when their socket is cut, or the password is wrong.
test.use({
  // A list of its own: of two values Playwright takes the second for options.
  tolerated: [
    [/WebSocket/, /Unexpected close/, /Connection closed/, /Security negotiation failed/],
    { scope: 'test' },
  ],
});

function skipWithout(protocol: Protocol): void {
  const missing = whyNoDisplay(protocol);
  test.skip(missing !== null, `no ${protocol} display to look at: ${missing}`);
}

for (const protocol of ['spice', 'vnc'] as const) {
  test(`a real guest is seen, typed to, scaled and found again (${protocol})`, async ({
    page,
    open,
  }) => {
    skipWithout(protocol);
    const guest = await DisplayGuest.start(protocol);
    try {
      const { url, password } = guest;
      const main = await open({ machines: [machine(1)] }, '/console.html?machine=m1', (fake) =>
        fake.handle('console.ticket', () => ({ url, password, protocol })),
      );
      const view = new ConsolePage(page);
      await view.waitForPhase('connected');
      await expect(view.canvas).toHaveCSS('background-color', 'rgb(0, 0, 0)');
      await expect.poll(() => view.litPixels(), { timeout: 30_000 }).toBeGreaterThan(200);
      await expect(page.getByText('Keys go to the guest')).toBeVisible();

      // The firmware may still change the size of its picture.
      const isScaled = () =>
        view.canvas.evaluate(
          (canvas: HTMLCanvasElement) => canvas.getBoundingClientRect().width !== canvas.width,
        );
      await expect.poll(isScaled).toBe(true);
      await page.getByRole('button', { name: 'Fit to the window' }).click();
      await expect.poll(isScaled).toBe(false);

      const resets = () => guest.events.filter((event) => event === 'RESET').length;
      const before = resets();
      // A firmware that has not come to its keyboard yet hears nothing.
      await expect(async () => {
        await view.sendKeys('Ctrl+Alt+Del');
        await expect.poll(resets, { timeout: 5_000 }).toBeGreaterThan(before);
      }).toPass();

      await page.keyboard.press('Control+w');
      await page.keyboard.press('Control+p');
      await view.waitForPhase('connected');

      const tickets = main.argsOf('console.ticket').length;
      guest.dropViewers();
      await expect.poll(() => main.argsOf('console.ticket').length).toBeGreaterThan(tickets);
      await view.waitForPhase('connected');
      await expect(view.screen.locator('canvas')).toHaveCount(1);

      await main.emit(main.machineEvent(machine(1, { power: 'off' })));
      await view.waitForPhase('off');
      await expect(view.screen.locator('canvas')).toHaveCount(0);
    } finally {
      await guest.stop();
    }
  });

  test(`a wrong password is a lost connection (${protocol})`, async ({ page, open }) => {
    skipWithout(protocol);
    const guest = await DisplayGuest.start(protocol);
    try {
      const { url } = guest;
      await open({ machines: [machine(1)] }, '/console.html?machine=m1', (fake) =>
        fake.handle('console.ticket', () => ({ url, password: 'wrong', protocol })),
      );
      const view = new ConsolePage(page);
      await view.waitForPhase('lost');
      await expect(
        page.getByText(/Permission denied|Bad password|Authentication failed/),
      ).toBeVisible();
    } finally {
      await guest.stop();
    }
  });
}
