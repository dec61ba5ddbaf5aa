import { describe, expect, it } from 'vitest';
import { browserSwitches } from './switches.ts';

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
    expect(switches).not.toContain('--in-process-gpu');
    expect(browserSwitches({ ...options, sandbox: false })).toContain('--no-sandbox');
  });

  it('names each list of features once', () => {
    const names = browserSwitches({ ...options, debuggingPort: '0' }).map(
      (one) => one.split('=')[0],
    );
    expect(names.filter((one, at) => names.indexOf(one) !== at)).toEqual([]);
    expect(names).toContain('--remote-debugging-port');
  });
});
