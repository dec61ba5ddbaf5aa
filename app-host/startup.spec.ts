import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { electronVersion, guessUserData, readStartup } from './startup.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'app-host-spec-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function makeApp(manifest: object): string {
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'main.js'), '');
  return folder;
}

describe('the command line', () => {
  it('is split into switches, app and arguments', () => {
    const app = makeApp({ name: 'one', productName: 'One', version: '1.0.0', main: 'main.js' });
    const startup = readStartup('/bin/electron', ['--inspect=0', app, '--mine=a=b', 'file']);
    expect(startup.entry).toBe(join(app, 'main.js'));
    expect(startup.manifest).toMatchObject({ name: 'one', productName: 'One', version: '1.0.0' });
    expect([...startup.switches]).toEqual([
      ['inspect', '0'],
      ['mine', 'a=b'],
    ]);
    expect(startup.argv).toEqual(['/bin/electron', app, '--mine=a=b', 'file']);
  });

  it.each([
    ['no such folder', 'none', 'Unable to find Electron app'],
    ['no package.json', '.', 'Unable to read'],
  ])('is refused with %s', (_name, path, message) => {
    expect(() => readStartup('e', [join(folder, path)])).toThrow(message);
  });

  it('is refused when the app has not been built', () => {
    makeApp({ name: 'one', main: 'out/main.js' });
    expect(() => readStartup('e', [folder])).toThrow(
      expect.objectContaining({ code: 'app_not_found', message: expect.stringContaining('built') }),
    );
  });

  it('follows the electron package', () => {
    const { version } = createRequire(import.meta.url)('electron/package.json');
    expect(electronVersion).toBe(version);
  });

  it('tells where the data will be', () => {
    const startup = readStartup('e', [makeApp({ name: 'x', productName: 'X Y', main: 'main.js' })]);
    expect(guessUserData(startup, { XDG_CONFIG_HOME: '/c' })).toBe('/c/X Y');
    startup.switches.set('user-data-dir', '/data');
    expect(guessUserData(startup, {})).toBe('/data');
    startup.manifest.name = 'berth';
    expect(guessUserData(startup, { BERTH_HOME: '/b', HOME: '/h' })).toBe('/b/profile');
    expect(guessUserData(startup, { HOME: '/h' })).toBe('/h/.local/state/berth/profile');
  });
});
