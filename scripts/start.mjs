// npm start: installs what is missing, builds, starts libvirt and opens the window; with no display it makes the try-out
// machine in this terminal. npm run dev: the same with live reload. Runs under Node 20 and without node_modules.
import { join } from 'node:path';
import { ensureBuilt } from './setup/build.mjs';
import { chooseHost, ensureElectron } from './setup/electron.mjs';
import { ensureGuestKernel } from './setup/guest-kernel.mjs';
import { ensureLibvirt } from './setup/libvirt.mjs';
import { continueUnderRightNode, ensureNodePackages, nodeEnvironment } from './setup/node.mjs';
import { isInteractive, isRoot, run, say, thisFamily } from './setup/os.mjs';
import { ensurePackages, findMissing } from './setup/packages.mjs';
import { runInTerminal } from './setup/terminal.mjs';

const root = join(import.meta.dirname, '..');
const USAGE = `usage: npm start -- [--yes] [--terminal] [--setup-only] [-- ARGUMENTS FOR THE APP]
  --yes         install what is missing without asking
  --terminal    make the try-out machine in this terminal, even with a display
  --setup-only  install, build and start libvirt, and open nothing`;

const FLAGS = ['--yes', '--terminal', '--setup-only', '--dev'];

export function parseArguments(args) {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const unknown = own.find((argument) => !FLAGS.includes(argument));
  const has = (flag) => own.includes(flag);
  return {
    unknown,
    yes: has('--yes'),
    terminal: has('--terminal'),
    setupOnly: has('--setup-only'),
    dev: has('--dev'),
    appArguments: end < 0 ? [] : args.slice(end + 1),
  };
}

const hasDisplay = () => Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);

async function openWindow(options, situation) {
  const electron = await ensureElectron(root);
  if (electron === undefined && findMissing(['browser']).length > 0) {
    if (!(await ensurePackages(['browser'], situation))) return 1;
  }
  const host = chooseHost(root, electron, situation.root);
  say(`Opening Berth in ${host.description}.`);
  const env = nodeEnvironment(root);
  if (options.dev) {
    const tool = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
    const switches = host.switches.length > 0 ? ['--noSandbox'] : [];
    const command = [process.execPath, tool, 'dev', ...switches, '--', ...options.appArguments];
    return await run(command, { cwd: root, env: { ...env, ELECTRON_EXEC_PATH: host.program } });
  }
  return await run([host.program, ...host.switches, root, ...options.appArguments], {
    cwd: root,
    env,
  });
}

async function main() {
  const options = parseArguments(process.argv.slice(2));
  if (options.unknown !== undefined) {
    say(options.unknown === '--help' ? USAGE : `Unknown argument ${options.unknown}\n${USAGE}`);
    return options.unknown === '--help' ? 0 : 2;
  }
  const window = hasDisplay() && !options.terminal;
  const situation = {
    family: thisFamily(),
    yes: options.yes,
    root: isRoot(),
    interactive: isInteractive(),
  };
  if (!(await ensurePackages(window ? ['app', 'desktop'] : ['app'], situation))) return 1;
  if (!(await ensureNodePackages(root))) return 1;
  await continueUnderRightNode(root);
  await ensureGuestKernel(situation.family);
  if (!(await ensureBuilt(root))) return 1;
  if (!(await ensureLibvirt(situation))) {
    say('No libvirt daemon answers; Berth will try to use your session.');
  }
  if (options.setupOnly) return 0;
  return window ? await openWindow(options, situation) : await runInTerminal(root);
}

if (process.argv[1] === import.meta.filename) process.exit(await main());
