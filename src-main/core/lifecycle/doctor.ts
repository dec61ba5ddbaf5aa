import type { DoctorCheck } from '../../../src-contract/model/host.ts';
import { toBerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { MediaBuilder } from '../ports/media-builder.ts';
import type { PathAccess } from '../ports/path-access.ts';
import type { Store } from '../ports/repositories.ts';
import type { SystemFacts } from '../ports/system.ts';
import { checkGpus } from './doctor-gpus.ts';
import { checkAbilities, checkConnection } from './doctor-host.ts';
import { checkPoolPath } from './doctor-paths.ts';
import { checkNetworks, checkPool } from './doctor-resources.ts';
import type { GpuService } from './gpus.ts';
import type { HostLink } from './host.ts';

export interface DoctorDeps {
  link: HostLink;
  hypervisor: Hypervisor;
  store: Store;
  builder: MediaBuilder;
  system: SystemFacts;
  pool: string;
  pathAccess: PathAccess;
  gpus: Pick<GpuService, 'list'>;
  /** Path of an external viewer; null when none is installed. */
  findViewer: () => Promise<string | null>;
}

const CHECK_TIMEOUT_MS = 15_000;

/** Examines the virtualization host. Never rejects: a check that cannot be made is a failed check. */
export async function examine(deps: DoctorDeps): Promise<DoctorCheck[]> {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const connection = checkConnection(deps.link.host);
  const needsHost = connection.status === 'ok';
  const groups = await Promise.all([
    needsHost ? guarded('abilities', 'QEMU', () => checkAbilities(deps.hypervisor, signal)) : [],
    needsHost ? guarded('pool', 'Storage pool', () => checkPool(deps, signal)) : [],
    needsHost
      ? guarded('pool_access', 'Access to the pool', () =>
          checkPoolPath({ ...deps, scope: deps.link.host.scope }, signal),
        )
      : [],
    needsHost ? guarded('network', 'Network', () => checkNetworks(deps.hypervisor, signal)) : [],
    needsHost
      ? guarded('gpu', 'Graphics cards for machines', async () => [
          checkGpus(await deps.gpus.list(signal)),
        ])
      : [],
    guarded('tryout', 'Try-out machine', () => checkTryout(deps.builder)),
    guarded('viewer', 'External viewer', () => checkViewer(deps)),
    guarded('database', 'Database', async () => [checkDatabase(deps.store)]),
  ]);
  return [connection, ...groups.flat()];
}

async function guarded(
  code: string,
  title: string,
  check: () => Promise<DoctorCheck[]>,
): Promise<DoctorCheck[]> {
  try {
    return await check();
  } catch (error) {
    const { message, hint, fix } = toBerthError(error).toData();
    return [
      {
        code,
        title,
        status: 'error',
        detail: message,
        ...(hint !== undefined && { hint }),
        ...(fix !== undefined && { fix }),
      },
    ];
  }
}

async function checkTryout(builder: MediaBuilder): Promise<DoctorCheck[]> {
  const title = 'Try-out machine';
  try {
    await builder.checkTryout();
    return [
      {
        code: 'tryout',
        title,
        status: 'ok',
        detail: 'The host has what it is made of: a kernel and busybox.',
      },
    ];
  } catch (error) {
    const { message, hint } = toBerthError(error).toData();
    return [
      {
        code: 'tryout',
        title,
        status: 'warning',
        detail: message,
        ...(hint !== undefined && { hint }),
      },
    ];
  }
}

async function checkViewer({ findViewer }: DoctorDeps): Promise<DoctorCheck[]> {
  const title = 'External viewer';
  const path = await findViewer();
  if (path !== null) return [{ code: 'viewer', title, status: 'ok', detail: path }];
  return [
    {
      code: 'viewer',
      title,
      status: 'warning',
      detail: 'remote-viewer is not installed; the console inside Berth works without it.',
      fix: {
        action: 'run-command',
        label: 'Install virt-viewer',
        command: 'sudo apt install virt-viewer',
      },
    },
  ];
}

function checkDatabase(store: Store): DoctorCheck {
  const machines = store.machines.list().length;
  const detail = `Readable; ${machines} ${machines === 1 ? 'machine' : 'machines'} on record.`;
  return { code: 'database', title: 'Database', status: 'ok', detail };
}
