// A reporter for Vitest that tells the test command what its JSON reporter leaves out: failed hooks and errors that
// came outside of tests. https://vitest.dev/api/advanced/reporters
import { writeFileSync } from 'node:fs';

/**
 * @typedef {object} VitestReport
 * @property {number} passed
 * @property {number} failed tests, failed hooks, files that could not be loaded, and errors outside of tests
 * @property {number} skipped
 * @property {import('./failures.mjs').Failure[]} failures
 */

const message = (errors) => {
  const texts = errors.map((error) => error.stack || error.message || String(error));
  return texts.join('\n') || 'no message';
};

/** A file's or a group's own errors: it could not be loaded, or a hook failed. */
const own = (name, errors) =>
  errors.length > 0 ? [{ name: `${name} (outside of its tests)`, message: message(errors) }] : [];

function moduleFailures(module) {
  const file = module.relativeModuleId;
  const tests = [...module.children.allTests('failed')].map((test) => ({
    name: `${file} > ${test.fullName}`,
    message: message(test.result().errors ?? []),
  }));
  const groups = [...module.children.allSuites()].flatMap((suite) =>
    own(`${file} > ${suite.fullName}`, suite.errors()),
  );
  return [...tests, ...groups, ...own(file, module.errors())];
}

/**
 * @param {readonly any[]} modules test modules at the end of a run
 * @param {readonly any[]} unhandled rejections and exceptions that no test caught
 * @returns {VitestReport}
 */
export function summariseRun(modules, unhandled) {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state) => tests.filter((test) => test.result().state === state).length;
  const outside = unhandled.map((error) => ({
    name: `${error.VITEST_TEST_PATH ?? 'unknown file'} (outside of tests: ${error.type ?? 'error'})`,
    message: message([error]),
  }));
  const failures = [...modules.flatMap(moduleFailures), ...outside];
  return {
    passed: count('passed'),
    failed: failures.length,
    skipped: count('skipped') + count('pending'),
    failures,
  };
}

export default class VitestReporter {
  onTestRunEnd(modules, unhandled) {
    const path = process.env.BERTH_TEST_REPORT;
    if (path !== undefined) writeFileSync(path, JSON.stringify(summariseRun(modules, unhandled)));
  }
}
