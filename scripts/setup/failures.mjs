// What failed, from the reports of the runners, so that the end of a long log tells it.
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const MESSAGE_LINES = 8;
const LINE_LENGTH = 240;

/**
 * @typedef {object} Failure
 * @property {string} name file and full name of the test
 * @property {string} message
 */

const join = (parts) => parts.filter((part) => part).join(' > ');

/** The first error of the run that went wrong: of a flaky test that is not the last one. */
function playwrightMessage(test) {
  const result = (test.results ?? []).find((each) => each.status !== 'passed');
  const errors = result?.errors ?? [];
  const prefix = test.status === 'flaky' ? 'passed only when it was tried again: ' : '';
  return prefix + (errors[0]?.message ?? result?.error?.message ?? result?.status ?? 'no message');
}

function playwrightSuite(suite, above) {
  const titles = [...above, suite.title];
  const own = (suite.specs ?? []).flatMap((spec) =>
    (spec.tests ?? [])
      .filter((test) => test.status === 'unexpected' || test.status === 'flaky')
      .map((test) => ({
        name: join([...titles, spec.title]) + (test.projectName ? ` [${test.projectName}]` : ''),
        message: playwrightMessage(test),
      })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => playwrightSuite(inner, titles))];
}

/**
 * The failed and flaky tests of Playwright's JSON report, and its errors outside of tests.
 * @param {any} report
 * @returns {Failure[]}
 */
export function playwrightFailures(report) {
  const outside = (report.errors ?? []).map((error) => ({
    name: 'outside of tests',
    message: error.message ?? error.value ?? 'no message',
  }));
  return [...(report.suites ?? []).flatMap((suite) => playwrightSuite(suite, [])), ...outside];
}

/**
 * @param {{ runner: 'vitest' | 'playwright' }} suite
 * @param {string} report path of its JSON report
 * @returns {Failure[]} none when there is no report
 */
export function readFailures(suite, report) {
  if (!existsSync(report)) return [];
  const content = JSON.parse(readFileSync(report, 'utf8'));
  return suite.runner === 'vitest' ? content.failures : playwrightFailures(content);
}

/**
 * One failed test for the log: suite and name, then the first lines of its message.
 * @param {string} suite
 * @param {Failure} failure
 */
export function describeFailure(suite, { name, message }) {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/^\s+at .*node_modules/.test(line));
  const first = lines.slice(0, MESSAGE_LINES).map((line) => `    ${line.slice(0, LINE_LENGTH)}`);
  const rest = lines.length - first.length;
  const more = rest > 0 ? [`    … and ${rest} more lines`] : [];
  return [`FAILED ${suite}: ${name}`, ...first, ...more].join('\n');
}
