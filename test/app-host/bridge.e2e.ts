import { expect, test } from './fixture-app.ts';

test('exposes a frozen API and nothing else', async ({ launched: { page } }) => {
  await expect(page.getByRole('heading')).toHaveText('Fixture');
  await expect(page.getByRole('status')).toHaveText('#first object');
  const seen = await page.evaluate(() => {
    const global = globalThis as unknown as Record<string, unknown>;
    const leaks = ['require', 'process', 'module', '__hostSend', '__hostReceive'];
    return {
      leaks: leaks.filter((name) => name in global),
      frozen: Object.isFrozen(window.api) && Object.isFrozen(window.api.versions),
      replaced: Reflect.set(window, 'api', 1),
      deleted: Reflect.deleteProperty(window, 'api'),
      electron: window.api.versions['electron'],
      date: window.api.when instanceof Date,
    };
  });
  expect(seen).toEqual({
    leaks: [],
    frozen: true,
    replaced: false,
    deleted: false,
    electron: '45.4.1',
    date: true,
  });
});

test('calls functions of the preload script', async ({ launched: { page } }) => {
  const results = await page.evaluate(async () => {
    const source = { a: 1 };
    const copy = window.api.identity(source);
    const given = window.api.give();
    let thrown: unknown;
    try {
      window.api.fail();
    } catch (error) {
      thrown = error;
    }
    return {
      sum: window.api.add(2, 3),
      later: await window.api.later('soon'),
      copied: copy !== source && copy.a === 1,
      thrown: thrown instanceof TypeError && thrown.message,
      given: [given.map.get('k'), [...given.bytes], given.answer()],
    };
  });
  expect(results).toEqual({
    sum: 5,
    later: 'soon',
    copied: true,
    thrown: 'sync boom',
    given: [1, [1, 2, 3], 42],
  });
});

test('clones what goes to the main process and back', async ({ launched: { page } }) => {
  const results = await page.evaluate(async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const sent = {
      date: new Date(5),
      map: new Map([[1, { big: 1n }]]),
      set: new Set(['q']),
      nothing: undefined,
      nan: Number.NaN,
      minus: -0,
      bytes: new Uint8Array([9, 8]),
      floats: new Float64Array([1.5]),
      error: new RangeError('r'),
      cycle,
    };
    const got = (await window.api.invoke('echo', sent)) as typeof sent;
    const refused = await window.api.invoke('echo', () => 1).catch((error: Error) => error.message);
    return [
      got.date instanceof Date && got.date.getTime() === 5,
      got.map.get(1)?.big === 1n,
      got.set.has('q'),
      'nothing' in got && got.nothing === undefined,
      Number.isNaN(got.nan),
      Object.is(got.minus, -0),
      got.bytes.join(),
      got.floats[0],
      got.error instanceof RangeError && got.error.message,
      got.cycle.self === got.cycle,
      refused,
    ];
  });
  expect(results).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    '9,8',
    1.5,
    'r',
    true,
    'An object could not be cloned.',
  ]);
});

test('tells only the text of an error of the main process', async ({ launched: { page } }) => {
  const told = await page.evaluate(() =>
    window.api.invoke('fail').catch((error: Error) => [error.name, error.message, 'code' in error]),
  );
  expect(told).toEqual(['Error', "Error invoking remote method 'fail': PickyError: nope", false]);
  const missing = await page.evaluate(() =>
    window.api.invoke('missing').catch((error: Error) => error.message),
  );
  expect(missing).toContain("No handler registered for 'missing'");
});

test('delivers messages in order until the listener goes', async ({ launched: { app, page } }) => {
  const said = await page.evaluate(
    () =>
      new Promise<unknown[]>((resolve) => {
        const got: unknown[] = [];
        const off = window.api.on('said', (text) => {
          got.push(text);
          if (got.length === 100) {
            off();
            resolve(got);
          }
        });
        for (let n = 0; n < 110; n += 1) window.api.say(String(n));
      }),
  );
  expect(said).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  const pushed = page.evaluate(
    () => new Promise((resolve) => window.api.on('push', (...args) => resolve(args))),
  );
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.send('push', 1, { two: new Date(2) });
  });
  expect(await pushed).toEqual([1, { two: new Date(2) }]);
});

test('names the sender', async ({ launched: { page } }) => {
  expect(await page.evaluate(() => window.api.invoke('sender'))).toEqual({
    url: 'fixture://app/index.html#first',
    origin: 'fixture://app',
    isMainFrame: true,
    window: 1,
  });
});
