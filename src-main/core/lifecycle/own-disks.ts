import type { Hypervisor, VolumeFacts } from '../ports/hypervisor.ts';
import type { DomainDisk } from '../ports/machine-editing.ts';
import type { Store } from '../ports/repositories.ts';

interface Deps {
  hypervisor: Pick<Hypervisor, 'findVolume'>;
  store: Pick<Store, 'machines'>;
}

/** The machine's own volumes among its disks, but for the first, which the system is on. */
export async function findExtraDisks(
  { hypervisor, store }: Deps,
  machineId: string,
  disks: readonly Pick<DomainDisk, 'target' | 'device' | 'path'>[],
): Promise<{ target: string; volume: VolumeFacts }[]> {
  const [, ...extra] = disks.filter(({ device }) => device === 'disk');
  if (extra.length === 0) return [];
  const own = store.machines.volumes(machineId).filter(({ role }) => role === 'disk');
  const volumes = await Promise.all(own.map(({ pool, name }) => hypervisor.findVolume(pool, name)));
  return extra.flatMap(({ target, path }) => {
    const volume = volumes.find((one) => one !== null && one.path === path);
    return volume ? [{ target, volume }] : [];
  });
}
