import { BerthError } from '../errors.ts';
import type { VolumeFacts } from '../ports/hypervisor.ts';
import type { JournalEntry, MachineVolume } from '../ports/repositories.ts';
import {
  type Evidence,
  type Finder,
  type FinderDeps,
  FOREIGN,
  type Found,
  removeEffect,
} from './reconcile-evidence.ts';

/** Volumes in Berth's pool that belong to no machine, no creation and no media. */
export const findOrphanVolumes: Finder = async (deps, evidence) => {
  const { hypervisor, pool: poolName } = deps;
  const pool = await hypervisor.findPool(poolName);
  if (pool === null) return [];
  if (!pool.active) {
    throw new BerthError('pool_inactive', `The pool ${poolName} is stopped.`);
  }
  // Whatever has come or gone without libvirt is seen once the pool is read again.
  await hypervisor.ensurePool(poolName);
  const volumes = await hypervisor.listVolumes(poolName);
  const owned = ownedNames(deps, evidence);
  const users = await usersOf(deps, evidence, volumes);
  return volumes
    .filter(({ name }) => !owned.has(name))
    .map((volume) => toFound(deps, evidence, volume, users.get(volume.path)));
};

function toFound(
  deps: FinderDeps,
  { journal }: Evidence,
  volume: VolumeFacts,
  user: string | undefined,
): Found {
  const { pool, name } = volume;
  const entry = journal.find(({ effect }) => isVolume(effect, volume));
  const common = {
    id: `volume/${pool}/${name}`,
    kind: 'volume',
    name,
    where: `the pool ${pool}`,
    origin:
      entry === undefined
        ? 'Nothing in the database names it.'
        : `Made by creation ${entry.creationId} in the stage ${entry.stage}.`,
  } as const;
  const kept = user !== undefined ? `${user} uses it.` : entry === undefined ? FOREIGN : null;
  if (kept !== null || entry === undefined) {
    return { ...common, removes: [], kept: kept ?? FOREIGN, remove: null };
  }
  const role: MachineVolume['role'] = entry.effect.kind === 'volume' ? entry.effect.role : 'disk';
  const effect = { kind: 'volume', pool, name, role } as const;
  const removes = [`the volume ${name} (${volume.allocationBytes} bytes)`];
  return { ...common, removes, remove: () => removeEffect(deps, effect, entry) };
}

function isVolume(effect: JournalEntry['effect'], { pool, name }: VolumeFacts): boolean {
  return effect.kind === 'volume' && effect.pool === pool && effect.name === name;
}

/** Names of volumes of the pool that have an owner. */
function ownedNames({ store, pool }: FinderDeps, { records, open }: Evidence): Set<string> {
  const ofMachines = records.flatMap(({ id }) => store.machines.volumes(id));
  const ofCreations = store.journal
    .remaining()
    .flatMap(({ creationId, effect }) =>
      open.has(creationId) && effect.kind === 'volume' ? [effect] : [],
    );
  const ofMedia = store.media.list().map((media) => ({ pool: media.pool, name: media.volume }));
  return new Set(
    [...ofMachines, ...ofCreations, ...ofMedia]
      .filter((one) => one.pool === pool)
      .map(({ name }) => name),
  );
}

/** Who uses a volume, by its path: a domain, or a volume that lies on it. */
async function usersOf(
  { hypervisor }: FinderDeps,
  { domains }: Evidence,
  volumes: readonly VolumeFacts[],
): Promise<Map<string, string>> {
  const users = new Map<string, string>();
  for (const { name, backing } of volumes) if (backing !== null) users.set(backing.path, name);
  for (const { uuid, name } of domains) {
    for (const { path } of await hypervisor.domainDisks(uuid).catch(unlessGone)) {
      if (path !== null) users.set(path, name);
    }
  }
  return users;
}

function unlessGone(error: unknown): never[] {
  if (error instanceof BerthError && error.code === 'domain_missing') return [];
  throw error;
}
