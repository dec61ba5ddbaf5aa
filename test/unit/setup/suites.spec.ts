import { describe, expect, it } from 'vitest';
import { countPlaywright, judge, SUITES } from '../../../scripts/setup/suites.mjs';
import { chooseSuites } from '../../../scripts/test.mjs';

const ENDED = { code: 0, timedOut: false };

describe('chooseSuites', () => {
  it('takes all by default, else the named ones in their order', () => {
    expect(chooseSuites([]).suites).toEqual(SUITES);
    expect(chooseSuites(['e2e', 'unit', '--yes']).suites.map((suite) => suite.name)).toEqual([
      'unit',
      'e2e',
    ]);
  });

  it('refuses a name that is none', () => {
    expect(chooseSuites(['units']).unknown).toBe('units');
  });

  it('lets no suite take the time of all', () => {
    expect(SUITES.every((suite) => suite.limitMs <= 35 * 60_000)).toBe(true);
  });
});

describe('counts', () => {
  it('counts a flaky Playwright test and an error outside of tests as failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it('counts nothing in an empty report', () => {
    expect(countPlaywright({})).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

describe('judge', () => {
  const good = { passed: 3, failed: 0, skipped: 0 };

  it('lets a good result be', () => {
    expect(judge(good, ENDED)).toEqual(good);
  });

  it.each([
    ['was cut off', good, { code: 1, timedOut: true }],
    ['gave no report', undefined, ENDED],
    ['ran no test', { passed: 0, failed: 0, skipped: 4 }, ENDED],
    ['ended badly although all tests passed', good, { code: 1, timedOut: false }],
  ])('adds a failure when a suite %s', (_, counts, end) => {
    expect(judge(counts, end)).toMatchObject({ failed: 1, problem: expect.stringMatching(/\w/) });
  });

  it('adds none to failures that explain the exit code', () => {
    expect(judge({ ...good, failed: 2 }, { code: 1, timedOut: false }).failed).toBe(2);
  });
});
