import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { listProcesses } from './processes.ts';
import { waitUntil } from './wait-until.ts';
import {
  inhabit,
  makeDaemonFolder,
  seedCapabilities,
  startSupervisor,
  type TestDaemon,
  type World,
} from './world.ts';

/** Where the daemon sees the folders under `dir`. */
const MOUNTS = [
  ['run', '/run/libvirt'],
  ['etc', '/etc/libvirt'],
  ['lib', '/var/lib/libvirt'],
  ['log', '/var/log/libvirt'],
  ['cache', '/var/cache/libvirt'],
] as const;

const DEFAULT_NETWORK = `<network>
  <name>default</name>
  <forward mode='nat'/>
  <bridge name='virbr0' stp='on' delay='0'/>
  <ip address='192.168.122.1' netmask='255.255.255.0'>
    <dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp>
  </ip>
</network>
`;

const LIBVIRTD_CONF = `auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
`;

/** virtlogd does not run in the private world; AppArmor's profiles know nothing of its folders. */
const QEMU_CONF = `stdio_handler = "file"
security_driver = "none"
`;

function prepareFolders(dir: string): void {
  chmodSync(dir, 0o755); // QEMU and dnsmasq run as users of their own
  for (const [name] of MOUNTS) mkdirSync(join(dir, name), { mode: 0o755 });
  mkdirSync(join(dir, 'pool'), { mode: 0o755 });
  const networks = join(dir, 'etc/qemu/networks');
  mkdirSync(join(networks, 'autostart'), { recursive: true });
  writeFileSync(join(networks, 'default.xml'), DEFAULT_NETWORK);
  symlinkSync('/etc/libvirt/qemu/networks/default.xml', join(networks, 'autostart/default.xml'));
  writeFileSync(join(dir, 'etc/libvirtd.conf'), LIBVIRTD_CONF);
  writeFileSync(join(dir, 'etc/qemu.conf'), QEMU_CONF);
  const filters = ['/etc/libvirt/nwfilter', '/usr/share/libvirt/nwfilter'].find((path) =>
    existsSync(path),
  );
  if (filters !== undefined) cpSync(filters, join(dir, 'etc/nwfilter'), { recursive: true });
}

/** The kernel gives a group up only when its last process is gone for good, which may be a moment after its parent saw it end. */
function removeGroup(group: string): void {
  if (!existsSync(group)) return;
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  }
  rmdirSync(group);
}

async function removeCgroups(groups: readonly string[]): Promise<void> {
  for (const group of groups) {
    await waitUntil(`cgroup ${group} to become empty`, 60_000, () => {
      try {
        removeGroup(group);
        return true;
      } catch {
        return false;
      }
    });
  }
}

function outerPath(dir: string, innerPath: string): string {
  const mount = MOUNTS.find(
    ([, inner]) => innerPath === inner || innerPath.startsWith(`${inner}/`),
  );
  return mount === undefined ? innerPath : join(dir, mount[0], innerPath.slice(mount[1].length));
}

/**
 * A libvirtd of its own for `qemu:///system`, in private mount, network, PID, IPC and cgroup namespaces: the host's
 * libvirt is neither seen nor touched. It has the NAT network `default`, libvirt's stock network filters, OVMF and swtpm.
 *
 * Paths: `/run/libvirt`, `/etc/libvirt`, `/var/lib/libvirt`, `/var/log/libvirt` and `/var/cache/libvirt` are `run`, `etc`, `lib`,
 * `log` and `cache` under `dir` (see `outerPath`); a UNIX socket of QEMU such as `/var/lib/libvirt/qemu/domain-1-x/spice.sock`
 * is reached from outside at `dir/lib/qemu/domain-1-x/spice.sock`. All other paths are the same on both sides. TCP ports
 * are inside: `exec('nc', …)` reaches them, and tests prefer UNIX sockets.
 *
 * Needs root. Everything ends with this process, even if it is killed.
 */
export async function startRootDaemon(): Promise<TestDaemon> {
  if (process.getuid?.() !== 0)
    throw new Error('The private root daemon needs root; use startSessionDaemon instead.');
  const dir = makeDaemonFolder();
  const capabilities = { folder: join(dir, 'cache/qemu/capabilities'), kind: 'root' };
  prepareFolders(dir);
  seedCapabilities({ capabilities });
  const supervisor = await startSupervisor('root-supervisor.sh', ['outer', dir]);
  const init = listProcesses().find((found) => found.parent === supervisor.pid);
  if (init === undefined) throw new Error('The supervisor has no child.');
  const enter = [
    '--target',
    String(init.pid),
    '--mount',
    '--net',
    '--pid',
    '--ipc',
    '--cgroup',
    '--',
  ];
  const groups = readFileSync(join(dir, 'cgroups'), 'utf8').split('\n').filter(Boolean);
  const socketPath = join(dir, 'run/libvirt-sock');
  const world: World = {
    dir,
    poolDir: join(dir, 'pool'),
    uri: `qemu:///system?socket=${socketPath}`,
    socketPath,
    capabilities,
    supervisor,
    libvirtd: {
      command: 'nsenter',
      args: [...enter, 'libvirtd', '-p', '/run/libvirt/libvirtd.pid'],
    },
    logFile: join(dir, 'log/libvirtd.log'),
    isMember: (found) => found.pidNamespace === init.pidNamespace && found.pid !== init.pid,
    wrap: (command, args) => ['nsenter', [...enter, command, ...args]],
    outerPath: (path) => outerPath(dir, path),
    isSettled: () => existsSync(join(dir, 'run/network/default.pid')),
    cleanUp: () => removeCgroups(groups),
  };
  return await inhabit(world);
}
