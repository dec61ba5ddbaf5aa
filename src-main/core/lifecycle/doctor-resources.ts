import type { DoctorCheck } from '../../../src-contract/model/host.ts';
import type { Hypervisor, PoolFacts } from '../ports/hypervisor.ts';
import type { SystemFacts } from '../ports/system.ts';

interface PoolDeps {
  hypervisor: Hypervisor;
  system: SystemFacts;
  pool: string;
}

const LOW_SPACE_BYTES = 10 * 1024 ** 3;
const GIB = 1024 ** 3;

export async function checkPool(deps: PoolDeps, signal: AbortSignal): Promise<DoctorCheck[]> {
  const { hypervisor, pool: name } = deps;
  const pool = await hypervisor.findPool(name, { signal, maxAgeMs: 0 });
  const common = { code: 'pool', title: 'Storage pool' };
  if (pool === null) {
    const path = hypervisor.defaultPoolPath(name);
    const detail = `The pool ${name} is made in ${path} with the first machine.`;
    return [{ ...common, status: 'ok', detail }];
  }
  if (!pool.active) {
    return [
      {
        ...common,
        status: 'error',
        detail: `The pool ${name} is stopped.`,
        fix: { action: 'start-pool', label: 'Start the pool', pool: name },
      },
    ];
  }
  const detail = `${name} in ${pool.targetPath ?? 'an unknown place'}.`;
  return [{ ...common, status: 'ok', detail }, await checkSpace(deps, pool)];
}

/** libvirt counts blocks that only root may use; the file system itself says what is left for others. */
async function checkSpace({ system }: PoolDeps, pool: PoolFacts): Promise<DoctorCheck> {
  const seen =
    pool.targetPath === null
      ? null
      : ((await system.diskSpace(pool.targetPath))?.freeBytes ?? null);
  const free = Math.min(pool.availableBytes, seen ?? pool.availableBytes);
  const common = { code: 'disk_space', title: 'Free space' };
  const detail = `${(free / GIB).toFixed(1)} GiB free in the pool ${pool.name}.`;
  if (free >= LOW_SPACE_BYTES) return { ...common, status: 'ok', detail };
  return { ...common, status: 'warning', detail, hint: 'Few machines fit in so little space.' };
}

export async function checkNetworks(
  hypervisor: Hypervisor,
  signal: AbortSignal,
): Promise<DoctorCheck[]> {
  const networks = await hypervisor.listNetworks({ signal });
  const common = { code: 'network', title: 'Network' };
  const active = networks.filter((network) => network.active).map((network) => network.name);
  if (active.length > 0) {
    return [{ ...common, status: 'ok', detail: `Active: ${active.join(', ')}.` }];
  }
  const stopped = networks.find((network) => network.name === 'default') ?? networks[0];
  return [
    {
      ...common,
      status: 'warning',
      detail: 'No libvirt network is active; machines get user-mode networking.',
      ...(stopped !== undefined && {
        fix: {
          action: 'start-network' as const,
          label: `Start the network ${stopped.name}`,
          network: stopped.name,
        },
      }),
    },
  ];
}
