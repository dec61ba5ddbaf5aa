import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  inhabit,
  makeDaemonFolder,
  seedCapabilities,
  startSupervisor,
  type TestDaemon,
  type World,
} from './world.ts';

const idOf = (option: '-u' | '-g', user: string): number =>
  Number(execFileSync('id', [option, user], { encoding: 'utf8' }).trim());

/**
 * A libvirtd of its own for `qemu:///session`: no NAT network, no network filters, no cgroup tuning, but TCG guests, OVMF and
 * swtpm. It runs as this user or, when that is root, as `nobody`. Everything ends with this process, even if it is killed.
 */
export async function startSessionDaemon(): Promise<TestDaemon> {
  const dir = makeDaemonFolder();
  const capabilities = {
    folder: join(dir, 'cache/libvirt/qemu/cache/capabilities'),
    kind: 'session',
  };
  for (const name of ['run', 'config', 'cache', 'data', 'home', 'pool'])
    mkdirSync(join(dir, name), { mode: 0o700 });
  seedCapabilities({ capabilities });
  chmodSync(dir, 0o755);
  const root = process.getuid?.() === 0;
  if (root) {
    const [user, group] = [idOf('-u', 'nobody'), idOf('-g', 'nobody')];
    execFileSync('chown', ['-R', `${user}:${group}`, dir]);
    chownSync(dir, user, group);
  }
  const drop = root ? ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups'] : [];
  const environment = [
    `PATH=${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`,
    `HOME=${dir}/home`,
    `XDG_RUNTIME_DIR=${dir}/run`,
    `XDG_CONFIG_HOME=${dir}/config`,
    `XDG_CACHE_HOME=${dir}/cache`,
    `XDG_DATA_HOME=${dir}/data`,
  ];
  const wrap = (command: string, args: readonly string[]): [string, string[]] => {
    const [first = 'env', ...rest] = [...drop, 'env', '-i', ...environment, command, ...args];
    return [first, rest];
  };
  const [command, args] = wrap('libvirtd', ['-p', join(dir, 'run/libvirtd.pid')]);
  const socketPath = join(dir, 'run/libvirt/libvirt-sock');
  const world: World = {
    dir,
    poolDir: join(dir, 'pool'),
    uri: `qemu:///session?socket=${socketPath}`,
    socketPath,
    capabilities,
    supervisor: await startSupervisor('session-supervisor.sh', [dir]),
    libvirtd: { command, args },
    logFile: join(dir, 'cache/libvirt/libvirtd.log'),
    isMember: (found) => found.commandLine.includes(`${dir}/`) && found.name !== 'bash',
    wrap,
    outerPath: (path) => path,
    isSettled: () => true,
    cleanUp: async () => {},
  };
  return await inhabit(world);
}
