import { describe, expect, it } from 'vitest';
import {
  describeFailure,
  playwrightFailures,
  readFailures,
} from '../../../scripts/setup/failures.mjs';

describe('playwrightFailures', () => {
  const spec = (title: string, status: string, results: unknown[]) => ({
    title,
    tests: [{ projectName: 'light', status, results }],
  });
  const failed = { status: 'failed', errors: [{ message: 'Error: not visible' }] };

  it('names file, groups, test and project, however deep', () => {
    const inner = { title: 'list', specs: [spec('shows', 'unexpected', [failed])] };
    const suites = [
      {
        title: 'library.e2e.ts',
        specs: [spec('fine', 'expected', [{ status: 'passed' }])],
        suites: [inner],
      },
    ];
    expect(playwrightFailures({ suites })).toEqual([
      { name: 'library.e2e.ts > list > shows [light]', message: 'Error: not visible' },
    ]);
  });

  it('says that a test passed only when it was tried again, and what was wrong before', () => {
    const suites = [{ title: 'a', specs: [spec('b', 'flaky', [failed, { status: 'passed' }])] }];
    expect(playwrightFailures({ suites })[0]?.message).toBe(
      'passed only when it was tried again: Error: not visible',
    );
  });

  it('gives the status of a test without an error, and errors outside of tests', () => {
    const suites = [{ title: 'a', specs: [spec('b', 'unexpected', [{ status: 'timedOut' }])] }];
    const errors = [{ message: 'Error: no browser' }];
    expect(playwrightFailures({ suites, errors }).map((failure) => failure.message)).toEqual([
      'timedOut',
      'Error: no browser',
    ]);
  });
});

describe('readFailures', () => {
  it('finds none where there is no report', () => {
    expect(readFailures({ runner: 'vitest' }, '/nonexistent/report.json')).toEqual([]);
  });
});

describe('describeFailure', () => {
  it('keeps the first lines, without colours, empty lines and foreign frames', () => {
    const frame = '    at run (/src/node_modules/vitest/run.js:1:1)';
    const message = `\u001b[31mError: no\u001b[39m\n\n${frame}\n${'at x\n'.repeat(20)}`;
    const lines = describeFailure('unit', { name: 'a > b', message }).split('\n');
    expect(lines[0]).toBe('FAILED unit: a > b');
    expect(lines[1]).toBe('    Error: no');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('    … and 13 more lines');
  });
});
