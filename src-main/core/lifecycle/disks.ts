import type { DiskAdded } from '../../../src-contract/model/lifecycle.ts';
import { findOverQuota, undoEffect } from '../creation/index.ts';
import { extraDisk } from '../domain/domain-xml-extra-disk.ts';
import { NO_USAGE } from '../domain/quota.ts';
import { formatBytes } from '../domain/resources.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { DomainFacts, Hypervisor } from '../ports/hypervisor.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Ids, Log, SystemFacts } from '../ports/system.ts';
import { refuseUnsettled } from './in-creation.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineConfigs } from './machine-configs.ts';
import type { MachineLibrary } from './machines.ts';
import { findExtraDisks } from './own-disks.ts';
import { ownRecord } from './own-record.ts';
import { decodeOwner, encodeOwner } from './owner-text.ts';

export interface DiskDeps {
  hypervisor: Hypervisor;
  store: Store;
  library: MachineLibrary;
  configs: MachineConfigs;
  queue: KeyedQueue;
  ids: Pick<Ids, 'uuid'>;
  system: Pick<SystemFacts, 'self' | 'isAlive'>;
  log: Log;
  /** Where a disk goes of which nothing is said. */
  pool: string;
}

export interface DiskWish {
  capacityBytes: number;
  pool?: string | undefined;
}

/** A volume on its way into a machine, or out of it. */
interface Disk {
  pool: string;
  name: string;
  capacityBytes: number;
}

const HINT = 'Adopt it first, or change its disks where it was made.';

/**
 * Makes a disk and gives it to a machine: in the definition, and at once where it runs and can take it. What the
 * person's quota and the machine's record say of it is written down before; what fails leaves nothing.
 * Rejects with `quota_exceeded`, `pool_missing`, `pool_inactive`, `disk_space`, `disk_limit`, `machine_external`,
 * `machine_in_creation`, `domain_missing`, or what libvirt says.
 */
export async function addDisk(
  deps: DiskDeps,
  machineId: string,
  wish: DiskWish,
): Promise<DiskAdded> {
  const added = Promise.withResolvers<DiskAdded>();
  // Two disks of one size are two jobs.
  const id = deps.ids.uuid();
  await deps.queue.run(machineId, `add disk ${id}`, async () => {
    const { record, domain } = await ownMachine(deps, machineId);
    const disk = {
      pool: wish.pool ?? deps.pool,
      name: `${record.domainName}-${id.slice(-8)}.qcow2`,
      capacityBytes: wish.capacityBytes,
    };
    await refuseImpossible(deps, disk);
    claim(deps, record, disk);
    try {
      added.resolve(await make(deps, record, domain, disk));
    } catch (error) {
      await giveUp(deps, record, disk);
      throw error;
    } finally {
      deps.library.machineChanged(machineId);
    }
  });
  return added.promise;
}

/**
 * Takes a disk from a machine and deletes its volume with all that is on it. Rejects with `disk_missing`,
 * `disk_not_extra` for the system's disk and what is not the machine's own, `volume_used`, `device_busy` when the guest
 * does not let it go, or as above; then the machine has it still.
 */
export function removeDisk(deps: DiskDeps, machineId: string, target: string): Promise<void> {
  return deps.queue.run(machineId, `remove disk ${target}`, async () => {
    const { record, domain } = await ownMachine(deps, machineId);
    const { volume } = await findExtraDisk(deps, record, target);
    const { hypervisor, store } = deps;
    const others = await hypervisor.listVolumes(volume.pool);
    if (others.some(({ backing }) => backing?.path === volume.path)) {
      throw new BerthError('volume_used', `Another volume lies on ${volume.name}.`);
    }
    store.settings.set(keyOf(record, volume), ownerOf(deps, volume));
    try {
      if (isLive(domain)) await hypervisor.detachLiveDisk(domain.uuid, target);
      await deps.configs.own(machineId, () => hypervisor.detachDisk(domain.uuid, target));
    } catch (error) {
      store.settings.set(keyOf(record, volume), '');
      throw error;
    }
    await takeBack(deps, record, volume);
    deps.library.machineChanged(machineId);
  });
}

/** Removes the disks that processes which have died were adding or removing, unless a machine has them. */
export async function recoverDisks(deps: DiskDeps): Promise<void> {
  const { store, system, hypervisor, log } = deps;
  for (const record of store.machines.list()) {
    for (const { pool, name } of store.machines.volumes(record.id)) {
      const text = store.settings.get(keyOf(record, { pool, name })) ?? '';
      const owner = decodeOwner(text);
      if (owner === null || system.isAlive(owner)) continue;
      const disk = { pool, name, capacityBytes: Number(text.split(' ')[3] ?? 0) };
      try {
        const volume = await hypervisor.findVolume(pool, name);
        const disks = await hypervisor.domainDisks(record.domainUuid);
        const isAttached = volume !== null && disks.some(({ path }) => path === volume.path);
        if (isAttached) store.settings.set(keyOf(record, disk), '');
        else await takeBack(deps, record, disk);
        log.info('a change of disks was ended', { machineId: record.id, name, isAttached });
      } catch (error) {
        log.warn('a change of disks could not be ended', { machineId: record.id, name, error });
      }
    }
  }
}

async function ownMachine(
  deps: DiskDeps,
  machineId: string,
): Promise<{ record: MachineRecord; domain: DomainFacts }> {
  const record = ownRecord(deps, machineId, HINT);
  refuseUnsettled(deps.store, record);
  const domain = await deps.hypervisor.findDomain({ uuid: record.domainUuid });
  if (domain !== null) return { record, domain };
  throw new BerthError('domain_missing', `libvirt has no domain for ${record.name} any more.`);
}

async function refuseImpossible({ hypervisor }: DiskDeps, disk: Disk): Promise<void> {
  const pool = await hypervisor.findPool(disk.pool, { maxAgeMs: 0 });
  if (pool === null) throw new BerthError('pool_missing', `There is no pool ${disk.pool}.`);
  if (!pool.active) {
    throw new BerthError('pool_inactive', `The pool ${disk.pool} is stopped.`, {
      fix: { action: 'start-pool', label: 'Start the pool', pool: disk.pool },
    });
  }
  if (disk.capacityBytes > pool.capacityBytes) {
    const size = formatBytes(pool.capacityBytes);
    throw new BerthError('disk_space', `The pool ${pool.name} has ${size} in all.`, {
      hint: 'Choose a smaller size.',
    });
  }
  if ((await hypervisor.findVolume(disk.pool, disk.name)) !== null) {
    throw new BerthError('volume_exists', `There is already a volume “${disk.name}”.`, {
      retryable: true,
    });
  }
}

/** In one transaction with the look at the quota: the volume is the machine's before it is there. */
function claim(deps: DiskDeps, record: MachineRecord, disk: Disk): void {
  const { store } = deps;
  store.departments.atomically(() => {
    const now = store.machines.get(record.id) ?? record;
    const { capacityBytes: diskBytes, pool, name } = disk;
    const over = findOverQuota(store, record.departmentId, { ...NO_USAGE, diskBytes })[0];
    if (over !== undefined) {
      const { code, message, hint } = over;
      throw new BerthError(code, message, hint === undefined ? {} : { hint });
    }
    store.machines.update(record.id, { diskBytes: now.diskBytes + diskBytes });
    store.machines.addVolume(record.id, { pool, name, role: 'disk' });
    store.settings.set(keyOf(record, disk), ownerOf(deps, disk));
  });
}

async function make(
  deps: DiskDeps,
  record: MachineRecord,
  domain: DomainFacts,
  { pool, name, capacityBytes }: Disk,
): Promise<DiskAdded> {
  const { hypervisor, store, log } = deps;
  const { uuid } = domain;
  await hypervisor.createVolume(pool, { name, format: 'qcow2', capacityBytes });
  const volume = await hypervisor.findVolume(pool, name);
  if (volume === null || volume.capacityBytes < capacityBytes) {
    throw new BerthError('volume_wrong', `The new volume ${name} is not as it should be.`, {
      retryable: true,
    });
  }
  const taken = new Set((await hypervisor.domainDisks(uuid)).map(({ target }) => target));
  const disk = extraDisk(await hypervisor.domainXml(uuid, { inactive: true }), volume.path, taken);
  if (disk === null) {
    throw new BerthError('disk_limit', `${record.name} has no place for another disk.`);
  }
  await deps.configs.own(record.id, () => hypervisor.attachDisk(uuid, disk.xml));
  store.settings.set(keyOf(record, { pool, name }), '');
  const added = { target: disk.target, pool, name };
  if (!isLive(domain)) return { ...added, effect: 'now' };
  try {
    await hypervisor.attachLiveDisk(uuid, disk.xml);
    return { ...added, effect: 'now' };
  } catch (error) {
    log.info('a disk waits for the next start', { uuid, error });
    const note = `The running machine cannot take it: ${toBerthError(error).message}`;
    return { ...added, effect: 'next-start', note };
  }
}

async function findExtraDisk(deps: DiskDeps, record: MachineRecord, target: string) {
  const disks = await deps.hypervisor.domainDisks(record.domainUuid);
  if (!disks.some((disk) => disk.target === target)) {
    throw new BerthError('disk_missing', `${record.name} has no disk ${target}.`);
  }
  const extra = await findExtraDisks(deps, record.id, disks);
  const found = extra.find((disk) => disk.target === target);
  if (found !== undefined) return found;
  throw new BerthError('disk_not_extra', `${target} is no additional disk of ${record.name}.`, {
    hint: 'The system’s disk goes with the machine; what other tools gave it, they take away.',
  });
}

/** Where that fails as well, the next start of Berth does it. */
async function giveUp(deps: DiskDeps, record: MachineRecord, disk: Disk): Promise<void> {
  const { hypervisor, configs, log } = deps;
  const uuid = record.domainUuid;
  try {
    const volume = await hypervisor.findVolume(disk.pool, disk.name);
    const disks = await hypervisor.domainDisks(uuid);
    const attached = disks.find(({ path }) => path !== null && path === volume?.path);
    if (attached) await configs.own(record.id, () => hypervisor.detachDisk(uuid, attached.target));
    await takeBack(deps, record, disk);
  } catch (error) {
    log.error('a disk that failed could not be removed', { machineId: record.id, ...disk, error });
  }
}

/** The volume, then the claim on it. */
async function takeBack(deps: DiskDeps, record: MachineRecord, disk: Disk): Promise<void> {
  const { store } = deps;
  const { pool, name, capacityBytes } = disk;
  const effect = { kind: 'volume', pool, name, role: 'disk' } as const;
  await undoEffect(effect, deps, { machineId: record.id });
  store.departments.atomically(() => {
    const { diskBytes } = store.machines.get(record.id) ?? record;
    store.machines.update(record.id, { diskBytes: Math.max(0, diskBytes - capacityBytes) });
    store.machines.removeVolume(record.id, pool, name);
    store.settings.set(keyOf(record, disk), '');
  });
}

const isLive = ({ power }: DomainFacts): boolean => power !== 'off' && power !== 'crashed';

const keyOf = ({ id }: MachineRecord, { pool, name }: Pick<Disk, 'pool' | 'name'>): string =>
  `disk-change:${id}/${pool}/${name}`;

const ownerOf = ({ system }: DiskDeps, { capacityBytes }: Disk): string =>
  `${encodeOwner(system.self())} ${capacityBytes}`;
