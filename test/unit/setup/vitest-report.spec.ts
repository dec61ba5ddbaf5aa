import { describe, expect, it } from 'vitest';
import { summariseRun } from '../../../scripts/setup/vitest-report.mjs';

const test = (fullName: string, state: string, errors: object[] = []) => ({
  fullName,
  result: () => ({ state, errors }),
});
const group = (fullName: string, errors: object[]) => ({ fullName, errors: () => errors });

function file(tests: ReturnType<typeof test>[], groups: object[] = [], errors: object[] = []) {
  const allTests = (state?: string) =>
    tests.filter((each) => state === undefined || each.result().state === state);
  return {
    relativeModuleId: 'a.spec.ts',
    children: { allTests, allSuites: () => groups },
    errors: () => errors,
  };
}

describe('summariseRun', () => {
  it('counts tests and names those that failed', () => {
    const tests = [
      test('pool > fine', 'passed'),
      test('pool > refuses', 'failed', [{ message: 'expected 1 to be 2' }]),
      test('later', 'skipped'),
    ];
    expect(summariseRun([file(tests)], [])).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
      failures: [{ name: 'a.spec.ts > pool > refuses', message: 'expected 1 to be 2' }],
    });
  });

  it('counts a file that could not be loaded and a hook that failed', () => {
    const broken = file([], [], [{ stack: 'SyntaxError: x\n    at y', message: 'x' }]);
    const hook = file([test('fine', 'passed')], [group('pool', [{ message: 'not empty' }])]);
    expect(summariseRun([broken, hook], [])).toMatchObject({
      passed: 1,
      failed: 2,
      failures: [
        { name: 'a.spec.ts (outside of its tests)', message: 'SyntaxError: x\n    at y' },
        { name: 'a.spec.ts > pool (outside of its tests)', message: 'not empty' },
      ],
    });
  });

  it('counts an error that no test caught', () => {
    const error = {
      type: 'Unhandled Rejection',
      message: 'EPIPE',
      VITEST_TEST_PATH: 'b.spec.ts',
    };
    expect(summariseRun([file([test('fine', 'passed')])], [error])).toMatchObject({
      passed: 1,
      failed: 1,
      failures: [{ name: 'b.spec.ts (outside of tests: Unhandled Rejection)', message: 'EPIPE' }],
    });
  });
});
