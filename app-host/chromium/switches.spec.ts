import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProfileBusy } from './profile.ts';
import { browserSwitches } from './switches.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'app-host-spec-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the browser', () => {
  const options = {
    profile: '/p',
    headless: false,
    sandbox: true,
    windowClass: 'X',
    url: 'data:,',
    debuggingPort: undefined,
    extra: [],
  };

  it('keeps its sandbox and opens no port', () => {
    const switches = browserSwitches(options);
    expect(switches).toContain('--remote-debugging-pipe');
    expect(switches.filter((one) => /no-sandbox|remote-debugging-port/.test(one))).toEqual([]);
    expect(browserSwitches({ ...options, sandbox: false })).toContain('--no-sandbox');
  });

  it('names each list of features once', () => {
    const names = browserSwitches({ ...options, debuggingPort: '0' }).map(
      (one) => one.split('=')[0],
    );
    expect(names.filter((one, at) => names.indexOf(one) !== at)).toEqual([]);
    expect(names).toContain('--remote-debugging-port');
  });

  it('is told apart from one that has gone', () => {
    expect(isProfileBusy(folder)).toBe(false);
    symlinkSync(`host-${process.pid}`, join(folder, 'SingletonLock'));
    expect(isProfileBusy(folder)).toBe(true);
    rmSync(join(folder, 'SingletonLock'));
    symlinkSync('host-4194304999', join(folder, 'SingletonLock'));
    expect(isProfileBusy(folder)).toBe(false);
  });
});
