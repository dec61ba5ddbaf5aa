import type { DoctorCheck } from '../../../src-contract/model/host.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { PathAccess } from '../ports/path-access.ts';

interface PathDeps {
  hypervisor: Hypervisor;
  pathAccess: PathAccess;
  scope: 'system' | 'session';
  pool: string;
}

const CONFINED = {
  apparmor:
    'AppArmor confines QEMU to the disks that its machine names; "journalctl -k | grep DENIED" shows what it refuses.',
  selinux:
    'SELinux confines QEMU; "restorecon -R" gives files their labels back, "ausearch -m avc" shows what it refuses.',
};

/** Whether QEMU can get at the files in Berth's pool. */
export async function checkPoolPath(deps: PathDeps, signal: AbortSignal): Promise<DoctorCheck[]> {
  const { hypervisor, pathAccess, scope, pool: name } = deps;
  const pool = await hypervisor.findPool(name, { signal });
  const path = pool?.targetPath ?? hypervisor.defaultPoolPath(name);
  const common = { code: 'pool_access', title: 'Access to the pool' };
  const [blocked, confined] = await Promise.all([
    pathAccess.blockedAt(path, scope),
    pathAccess.confinement(),
  ]);
  if (blocked === null) {
    const detail = `QEMU can reach ${path}.`;
    return [{ ...common, status: 'ok', detail, ...(confined && { hint: CONFINED[confined] }) }];
  }
  const { folder, user } = blocked;
  return [
    {
      ...common,
      status: 'error',
      detail: `QEMU runs as ${user} and may not pass the folder ${folder}.`,
      hint: 'It needs the search permission (x) on every folder above its disks.',
      fix: {
        action: 'run-command',
        label: 'Let QEMU pass the folder',
        command: `sudo chmod o+x '${folder.replaceAll("'", `'\\''`)}'`,
      },
    },
  ];
}
