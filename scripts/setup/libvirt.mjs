// Sees to it that a libvirt daemon answers.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { asAdministrator, confirm, findProgram, run, say, showCommand } from './os.mjs';

const SOCKETS = ['/run/libvirt/libvirt-sock', '/run/libvirt/virtqemud-sock'];
const START_TIMEOUT_MS = 15_000;

/**
 * How a socket answers: it accepts, it refuses this user, or nobody is there.
 * @param {string} path
 * @returns {Promise<'open' | 'forbidden' | 'closed'>}
 */
export const probe = (path) =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('open');
    });
    socket.once('error', (error) =>
      resolve('code' in error && error.code === 'EACCES' ? 'forbidden' : 'closed'),
    );
  });

async function probeAll() {
  const answers = await Promise.all(SOCKETS.map(probe));
  return (
    answers.find((answer) => answer === 'open') ??
    answers.find((answer) => answer === 'forbidden') ??
    'closed'
  );
}

/**
 * The commands that start libvirt.
 * @param {{ systemd: boolean, modular: boolean, virtlogd: boolean }} system
 * @returns {string[][]}
 */
export function startCommands({ systemd, modular, virtlogd }) {
  if (systemd) {
    const sockets = [
      'virtqemud',
      'virtnetworkd',
      'virtstoraged',
      'virtnwfilterd',
      'virtsecretd',
      'virtnodedevd',
      'virtinterfaced',
    ];
    const units = modular ? sockets.map((name) => `${name}.socket`) : ['libvirtd'];
    return [['systemctl', 'start', ...units]];
  }
  // Without systemd nothing starts the log daemon that QEMU's output goes to.
  return [...(virtlogd ? [['virtlogd', '-d']] : []), [modular ? 'virtqemud' : 'libvirtd', '-d']];
}

const currentSystem = () => ({
  systemd: existsSync('/run/systemd/system'),
  modular: findProgram('libvirtd') === undefined,
  virtlogd: findProgram('virtlogd') !== undefined && !existsSync('/run/libvirt/virtlogd-sock'),
});

/**
 * Starts libvirt when no daemon answers, and answers whether one does.
 * @param {{ yes: boolean, root: boolean, interactive: boolean }} situation
 */
export async function ensureLibvirt(situation) {
  if (process.env['BERTH_LIBVIRT_URI']) return true;
  let answer = await probeAll();
  if (answer === 'closed') {
    const commands = startCommands(currentSystem()).map((command) =>
      asAdministrator(command, situation),
    );
    say(
      `libvirt is not running. To start it:\n${commands.map((command) => `  ${showCommand(command)}`).join('\n')}`,
    );
    if (!(await confirm('Start it now?', situation))) return false;
    for (const command of commands) {
      say(`$ ${showCommand(command)}`);
      if ((await run(command, { stdio: ['ignore', 'inherit', 'inherit'] })) !== 0) return false;
    }
    const end = Date.now() + START_TIMEOUT_MS;
    while (answer === 'closed' && Date.now() < end) {
      await delay(100);
      answer = await probeAll();
    }
  }
  if (answer === 'forbidden') {
    const command = ['sudo', 'usermod', '--append', '--groups', 'libvirt', userInfo().username];
    say(
      `Your user may not use the system's libvirt; Berth uses your own session's instead. To change that, run\n  ${showCommand(command)}\nand log in again.`,
    );
    return true;
  }
  return answer === 'open';
}
