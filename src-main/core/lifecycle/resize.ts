import type { ResizeChange, Resized } from '../../../src-contract/model/lifecycle.ts';
import { findOverQuota } from '../creation/index.ts';
import { resizedXml } from '../domain/domain-xml-edit.ts';
import { NO_USAGE } from '../domain/quota.ts';
import { formatBytes } from '../domain/resources.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { DomainFacts, HostFacts, Hypervisor, VolumeFacts } from '../ports/hypervisor.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Log } from '../ports/system.ts';
import { refuseUnsettled } from './in-creation.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineConfigs } from './machine-configs.ts';
import type { MachineLibrary } from './machines.ts';
import { ownRecord } from './own-record.ts';

export interface ResizeDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines' | 'creations' | 'departments'>;
  library: MachineLibrary;
  configs: MachineConfigs;
  queue: KeyedQueue;
  log: Log;
  hostFacts(): Promise<HostFacts>;
}

/** What is there, and what is to be. */
interface Plan {
  record: MachineRecord;
  domain: DomainFacts;
  disk: VolumeFacts | null;
  to: { vcpus: number; memoryBytes: number; diskBytes: number };
}

/**
 * Changes CPUs, memory and the system disk's size: in the definition, and live where libvirt and the guest allow it.
 * The quota is claimed first and given back when it fails. Rejects with `quota_exceeded`, `disk_cannot_shrink`,
 * `disk_space`, `too_many_vcpus`, `memory_too_large`, `resize_pinned`, `machine_external`, `machine_in_creation`,
 * `domain_missing`, or what libvirt says.
 */
export async function resizeMachine(
  deps: ResizeDeps,
  machineId: string,
  change: ResizeChange,
): Promise<Resized[]> {
  const done: Resized[] = [];
  // Two different changes are two jobs; equal ones are one, and the second has nothing left to do.
  await deps.queue.run(machineId, `resize ${JSON.stringify(change)}`, async () => {
    const plan = await planOf(deps, machineId, change);
    await refuseImpossible(deps, plan);
    const giveBack = claim(deps, plan);
    try {
      await deps.configs.own(machineId, () => carryOut(deps, plan, done));
    } catch (error) {
      giveBack(done.map(({ resource }) => resource));
      throw error;
    } finally {
      await deps.library.reread(plan.record.domainUuid);
      deps.library.machineChanged(machineId);
    }
  });
  return done;
}

async function planOf(deps: ResizeDeps, machineId: string, change: ResizeChange): Promise<Plan> {
  const hint = 'Adopt it first, or resize it where it was made.';
  const record = ownRecord(deps, machineId, hint);
  refuseUnsettled(deps.store, record);
  const domain = await deps.hypervisor.findDomain({ uuid: record.domainUuid });
  if (domain === null) {
    throw new BerthError('domain_missing', `libvirt has no domain for ${record.name} any more.`);
  }
  const disk = await systemVolume(deps, record);
  if (change.diskBytes !== undefined && disk === null) {
    throw new BerthError('disk_missing', `${record.name} has no disk that Berth could grow.`);
  }
  return {
    record,
    domain,
    disk,
    to: {
      vcpus: change.vcpus ?? domain.vcpus,
      memoryBytes: change.memoryBytes ?? domain.memoryBytes,
      diskBytes: change.diskBytes ?? disk?.capacityBytes ?? 0,
    },
  };
}

/** The one that the first disk is on; where a snapshot lies between, the machine's first volume. */
async function systemVolume(
  { hypervisor, store }: ResizeDeps,
  { id, domainUuid }: MachineRecord,
): Promise<VolumeFacts | null> {
  const own = store.machines.volumes(id).filter(({ role }) => role === 'disk');
  const found = await Promise.all(own.map(({ pool, name }) => hypervisor.findVolume(pool, name)));
  const disks = await hypervisor.domainDisks(domainUuid);
  const path = disks.find(({ device }) => device === 'disk')?.path ?? null;
  return found.find((volume) => volume?.path === path) ?? found[0] ?? null;
}

async function refuseImpossible(deps: ResizeDeps, plan: Plan): Promise<void> {
  const { hypervisor } = deps;
  const { domain, disk, to } = plan;
  if (to.vcpus > domain.vcpus) {
    const [host, { maxVcpus }] = await Promise.all([deps.hostFacts(), hypervisor.abilities()]);
    const most = Math.min(host.cpus, maxVcpus);
    if (to.vcpus > most) {
      throw new BerthError('too_many_vcpus', `This host can give a machine ${most} CPUs at most.`);
    }
  }
  if (to.memoryBytes > domain.memoryBytes) {
    const { memoryBytes } = await deps.hostFacts();
    if (to.memoryBytes >= memoryBytes) {
      const all = formatBytes(memoryBytes);
      throw new BerthError('memory_too_large', `This host has ${all} of memory in all.`);
    }
  }
  if (disk === null || to.diskBytes === disk.capacityBytes) return;
  if (to.diskBytes < disk.capacityBytes) {
    const size = formatBytes(disk.capacityBytes);
    throw new BerthError('disk_cannot_shrink', `The disk has ${size}; it can only grow.`, {
      hint: 'What the guest has at its end would be lost.',
    });
  }
  const pool = await hypervisor.findPool(disk.pool, { maxAgeMs: 0 });
  if (pool !== null && to.diskBytes > pool.capacityBytes) {
    const size = formatBytes(pool.capacityBytes);
    throw new BerthError('disk_space', `The pool ${pool.name} has ${size} in all.`, {
      hint: 'Choose a smaller size.',
    });
  }
}

/** What more is needed is claimed before it is taken, in one transaction with the look at the quota. */
function claim({ store }: ResizeDeps, { record, disk, to }: Plan) {
  const growth = to.diskBytes - (disk?.capacityBytes ?? to.diskBytes);
  store.departments.atomically(() => {
    const now = store.machines.get(record.id) ?? record;
    const over = findOverQuota(store, record.departmentId, {
      ...NO_USAGE,
      vcpus: to.vcpus - now.vcpus,
      memoryBytes: to.memoryBytes - now.memoryBytes,
      diskBytes: growth,
    })[0];
    if (over !== undefined) {
      const { code, message, hint } = over;
      throw new BerthError(code, message, hint === undefined ? {} : { hint });
    }
    store.machines.update(record.id, {
      vcpus: to.vcpus,
      memoryBytes: to.memoryBytes,
      diskBytes: now.diskBytes + growth,
    });
  });
  /** What was not `done` is not held any more. */
  return (done: readonly Resized['resource'][]): void => {
    const undone = (['vcpus', 'memoryBytes', 'diskBytes'] as const).filter(
      (resource) => !done.includes(resource),
    );
    const before = Object.fromEntries(undone.map((resource) => [resource, record[resource]]));
    store.machines.update(record.id, before);
  };
}

/** `done` is filled on the way, so that a failure leaves in it what has succeeded. */
async function carryOut(deps: ResizeDeps, plan: Plan, done: Resized[]): Promise<void> {
  const { domain, disk, to } = plan;
  // First what can fail for want of space.
  if (disk !== null && to.diskBytes > disk.capacityBytes)
    done.push(await growDisk(deps, plan, disk));
  const sizes = {
    ...(to.vcpus !== domain.vcpus && { vcpus: to.vcpus }),
    ...(to.memoryBytes !== domain.memoryBytes && { memoryBytes: to.memoryBytes }),
  };
  if (Object.keys(sizes).length === 0) return;
  await redefine(deps, plan, sizes);
  for (const resource of ['vcpus', 'memoryBytes'] as const) {
    if (sizes[resource] !== undefined) done.push(await applyLive(deps, plan, resource));
  }
}

async function growDisk(
  { hypervisor }: ResizeDeps,
  { domain, to }: Plan,
  disk: VolumeFacts,
): Promise<Resized> {
  const isLive = domain.power !== 'off' && domain.power !== 'crashed';
  if (isLive) await hypervisor.growLiveDisk(domain.uuid, disk.path, to.diskBytes);
  else await hypervisor.growVolume(disk.pool, disk.name, to.diskBytes);
  const grown = await hypervisor.findVolume(disk.pool, disk.name);
  if ((grown?.capacityBytes ?? 0) < to.diskBytes) {
    throw new BerthError('volume_wrong', `The disk ${disk.name} has not grown.`, {
      retryable: true,
    });
  }
  return {
    resource: 'diskBytes',
    from: disk.capacityBytes,
    to: to.diskBytes,
    effect: 'now',
    note: 'The guest has to extend its partition and file system, unless it does so itself.',
  };
}

async function redefine(
  { hypervisor }: ResizeDeps,
  { record, domain, to }: Plan,
  sizes: { vcpus?: number; memoryBytes?: number },
): Promise<void> {
  // With its secrets, which would be lost otherwise; the text is kept nowhere.
  const before = await hypervisor.domainXml(domain.uuid, { secure: true, inactive: true });
  const xml = resizedXml(before, sizes);
  if (xml === null) {
    throw new BerthError(
      'resize_pinned',
      `${record.name} is bound to CPUs of this host by its definition.`,
      { hint: 'Its size belongs to the placement: make it anew with the size that it is to have.' },
    );
  }
  await hypervisor.defineDomain(xml);
  const after = await hypervisor.findDomain({ uuid: domain.uuid });
  if (after?.vcpus === to.vcpus && after.memoryBytes >= to.memoryBytes) return;
  throw new BerthError('resize_failed', `libvirt has not changed the size of ${record.name}.`, {
    retryable: true,
  });
}

async function applyLive(
  { hypervisor, log }: ResizeDeps,
  { domain, to }: Plan,
  resource: 'vcpus' | 'memoryBytes',
): Promise<Resized> {
  const changed = { resource, from: domain[resource], to: to[resource] };
  if (domain.power === 'off' || domain.power === 'crashed') return { ...changed, effect: 'now' };
  try {
    if (resource === 'vcpus') await hypervisor.setLiveCpus(domain.uuid, to.vcpus);
    else await hypervisor.setLiveMemory(domain.uuid, to.memoryBytes);
    return { ...changed, effect: 'now' };
  } catch (error) {
    log.info('a change of size waits for the next start', { uuid: domain.uuid, error });
    const note = `The running machine cannot take it: ${toBerthError(error).message}`;
    return { ...changed, effect: 'next-start', note };
  }
}
