// npm test [-- SUITE…]: installs what the tests need and runs the suites, all of them by default. The last lines say
// what failed, how each suite went and "N passed, N failed". Runs under Node 20 and without node_modules.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { findElectron } from './setup/electron.mjs';
import { describeFailure, readFailures } from './setup/failures.mjs';
import { ensureGuestKernel } from './setup/guest-kernel.mjs';
import { continueUnderRightNode, ensureNodePackages, nodeEnvironment } from './setup/node.mjs';
import { isInteractive, isRoot, say, thisFamily } from './setup/os.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { judge, readCounts, SUITES, suiteCommand } from './setup/suites.mjs';

const root = join(import.meta.dirname, '..');
/** Only to end what hangs. */
const TOTAL_LIMIT_MS = 60 * 60_000;
/** These suites need nothing but Node.js. */
const BARE = ['unit'];

export function chooseSuites(args) {
  const names = args.filter((argument) => argument !== '--yes');
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  const suites = names.length === 0 ? SUITES : SUITES.filter((suite) => names.includes(suite.name));
  return { unknown, suites };
}

/** Runs a command in a process group of its own, which is ended as a whole when the time is over. */
function runLimited(args, env, limitMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const end = (signal) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // it ended by itself
      }
    };
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end('SIGTERM');
      setTimeout(end, 5000, 'SIGKILL').unref();
    }, limitMs);
    const interrupt = () => end('SIGTERM');
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.once('exit', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      end('SIGKILL');
      resolve({ code: code ?? 1, timedOut });
    });
  });
}

async function runSuite(suite, deadline) {
  say(`\n=== ${suite.name} ===`);
  const { report, args, env } = suiteCommand(suite, root);
  const limitMs = Math.min(suite.limitMs, deadline - Date.now());
  const started = Date.now();
  const end =
    limitMs > 0
      ? await runLimited(args, { ...nodeEnvironment(root), ...env }, limitMs)
      : { code: 1, timedOut: true };
  const result = judge(readCounts(suite, report), end);
  const failures = readFailures(suite, report);
  return {
    ...result,
    failures,
    name: suite.name,
    seconds: Math.round((Date.now() - started) / 1000),
  };
}

function describe({ name, passed, failed, skipped, problem, seconds }) {
  const skips = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${name}: ${passed} passed, ${failed} failed${skips} in ${seconds} s${problem ? ` (${problem})` : ''}`;
}

async function prepare(suites, situation) {
  const bare = suites.every((suite) => BARE.includes(suite.name));
  const groups = findElectron(root) === undefined ? ['app', 'browser', 'test'] : ['app', 'test'];
  if (!bare && !(await ensurePackages(groups, situation))) return false;
  if (!(await ensureNodePackages(root))) return false;
  await continueUnderRightNode(root);
  if (!bare) await ensureGuestKernel(situation.family);
  return !suites.some((suite) => suite.build) || (await ensureBuilt(root));
}

function summarise(results) {
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  for (const { name, failures } of results) {
    for (const failure of failures) say(`\n${describeFailure(name, failure)}`);
  }
  say(`\n${results.map(describe).join('\n')}`);
  say(`${total('passed')} passed, ${total('failed')} failed`);
  return total('failed') === 0 && total('passed') > 0 ? 0 : 1;
}

async function main() {
  const args = process.argv.slice(2);
  const { unknown, suites } = chooseSuites(args);
  if (unknown !== undefined) {
    say(`There is no suite "${unknown}". Suites: ${SUITES.map((suite) => suite.name).join(', ')}`);
    return 2;
  }
  const situation = {
    family: thisFamily(),
    yes: args.includes('--yes'),
    root: isRoot(),
    interactive: isInteractive(),
  };
  if (!(await prepare(suites, situation))) {
    say('The tests could not be prepared.');
    say('0 passed, 1 failed');
    return 1;
  }
  const deadline = Date.now() + TOTAL_LIMIT_MS;
  const results = [];
  for (const suite of suites) results.push(await runSuite(suite, deadline));
  return summarise(results);
}

if (process.argv[1] === import.meta.filename) process.exit(await main());
