// The test suites: how each is run and how its result is read.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const MINUTE_MS = 60_000;
const REPORTER = join(import.meta.dirname, 'vitest-report.mjs');

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {'vitest' | 'playwright'} runner
 * @property {string} target the project of vitest.config.ts, or the configuration file of Playwright
 * @property {number} limitMs
 * @property {boolean} build whether the app must be built first
 */

/** @type {readonly Suite[]} In the order in which they run: the quick ones first. */
export const SUITES = [
  { name: 'unit', runner: 'vitest', target: 'unit', limitMs: 8 * MINUTE_MS, build: false },
  { name: 'contract', runner: 'vitest', target: 'contract', limitMs: 5 * MINUTE_MS, build: false },
  {
    name: 'node-libvirt',
    runner: 'vitest',
    target: 'node-libvirt',
    limitMs: 15 * MINUTE_MS,
    build: false,
  },
  {
    name: 'integration',
    runner: 'vitest',
    target: 'integration',
    limitMs: 35 * MINUTE_MS,
    build: false,
  },
  {
    name: 'app-host',
    runner: 'playwright',
    target: 'test/app-host/playwright.config.ts',
    limitMs: 5 * MINUTE_MS,
    build: true,
  },
  {
    name: 'window',
    runner: 'playwright',
    target: 'test/renderer/playwright.config.ts',
    limitMs: 14 * MINUTE_MS,
    build: true,
  },
  {
    name: 'e2e',
    runner: 'playwright',
    target: 'playwright.config.ts',
    limitMs: 12 * MINUTE_MS,
    build: true,
  },
];

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * Counts from Playwright's JSON report. A test that passed only when it was tried again counts as a failure.
 * @param {any} report
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report.stats ?? {};
  return { passed: expected, failed: unexpected + flaky + (report.errors?.length ?? 0), skipped };
}

/**
 * The verdict of one suite: what it counted, and one more failure when it ended badly, was cut off or ran nothing.
 * @param {Counts | undefined} counts
 * @param {{ code: number, timedOut: boolean }} end
 * @returns {Counts & { problem?: string }}
 */
export function judge(counts, { code, timedOut }) {
  const found = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const fail = (problem) => ({ ...found, failed: found.failed + 1, problem });
  if (timedOut) return fail('it took too long and was ended');
  if (counts === undefined) return fail('it gave no report');
  if (found.passed + found.failed === 0) return fail('it ran no test');
  if (code !== 0 && found.failed === 0) return fail(`it ended with code ${code}`);
  return found;
}

/**
 * The command of a suite, what it needs in its environment, and where its report will be.
 * @param {Suite} suite
 * @param {string} root
 */
export function suiteCommand(suite, root) {
  const folder = join(root, '.cache/test-reports');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, `${suite.name}.json`);
  rmSync(report, { force: true });
  const bin = join(root, 'node_modules');
  if (suite.runner === 'vitest') {
    const args = ['run', '--project', suite.target, '--reporter=default', `--reporter=${REPORTER}`];
    return {
      report,
      args: [join(bin, 'vitest/vitest.mjs'), ...args],
      env: { BERTH_TEST_REPORT: report },
    };
  }
  const args = ['test', '--config', suite.target, '--reporter=list,json'];
  return {
    report,
    args: [join(bin, '@playwright/test/cli.js'), ...args],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  };
}

/**
 * @param {Suite} suite
 * @param {string} report
 * @returns {Counts | undefined}
 */
export function readCounts(suite, report) {
  if (!existsSync(report)) return undefined;
  const content = JSON.parse(readFileSync(report, 'utf8'));
  if (suite.runner === 'playwright') return countPlaywright(content);
  const { passed, failed, skipped } = content;
  return { passed, failed, skipped };
}
