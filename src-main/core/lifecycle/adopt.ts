import { PERSONAL_DEPARTMENT } from '../../../src-contract/model/department.ts';
import type {
  AdoptableVolume,
  Adoption,
  VolumeRef,
} from '../../../src-contract/model/lifecycle.ts';
import { filtering, findOverQuota } from '../creation/index.ts';
import { bareMetadataElement, METADATA_SCHEMA_VERSION } from '../domain/domain-metadata.ts';
import { serializeXml } from '../domain/domain-xml-element.ts';
import { NO_USAGE } from '../domain/quota.ts';
import { BerthError } from '../errors.ts';
import type { DomainFacts, Hypervisor, PoolFacts, VolumeFacts } from '../ports/hypervisor.ts';
import type { DomainDisk } from '../ports/machine-editing.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Clock, Ids, SystemFacts } from '../ports/system.ts';
import { refuseUnsettled } from './in-creation.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineConfigs } from './machine-configs.ts';
import type { MachineLibrary } from './machines.ts';
import { ownRecord } from './own-record.ts';
import { baseName, folderOf } from './paths.ts';

export interface AdoptDeps {
  hypervisor: Hypervisor;
  store: Store;
  library: MachineLibrary;
  configs: MachineConfigs;
  queue: KeyedQueue;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'uuid'>;
  system: Pick<SystemFacts, 'userName'>;
}

/** The template that a machine has which was made from none of Berth's. */
export const ADOPTED_TEMPLATE = 'adopted';

/** What adopting a domain would take over. Rejects with `machine_missing`, `machine_own`, `domain_transient`. */
export async function planAdoption(deps: AdoptDeps, machineId: string): Promise<Adoption> {
  const domain = await adoptable(deps, machineId);
  const volumes = await findVolumes(deps, domain);
  const { uuid, name, title, vcpus, memoryBytes } = domain;
  return { machineId: uuid, name: title ?? name, vcpus, memoryBytes, volumes };
}

export interface AdoptRequest {
  machineId: string;
  departmentId?: string | undefined;
  /** Disks that are to be the machine's own, and to be deleted with it. */
  volumes: readonly VolumeRef[];
}

/**
 * Makes another tool's domain a machine of Berth. Rejects with `machine_own`, `domain_transient`, `name_taken`,
 * `quota_exceeded`, `volume_not_ownable`, or what libvirt says; then nothing has changed.
 */
export async function adoptMachine(
  deps: AdoptDeps,
  request: AdoptRequest,
): Promise<{ machineId: string }> {
  let machineId = '';
  await deps.queue.run(request.machineId, `adopt ${JSON.stringify(request)}`, async () => {
    const domain = await adoptable(deps, request.machineId);
    const owned = chosen(await findVolumes(deps, domain), request.volumes);
    const record = newRecord(deps, domain, request.departmentId ?? PERSONAL_DEPARTMENT, owned);
    claim(deps, record, owned);
    try {
      await mark(deps, record);
      await deps.configs.own(record.id, async () => undefined);
    } catch (error) {
      deps.store.machines.remove(record.id);
      throw error;
    } finally {
      await deps.library.reread(domain.uuid);
      deps.library.machineChanged(record.id);
    }
    machineId = record.id;
  });
  return { machineId };
}

/**
 * Takes Berth's mark from a domain and forgets the machine; the domain and its disks stay as they are. Rejects with
 * `machine_external`, `machine_in_creation`, or what libvirt says; then the record stays.
 */
export function forgetMachine(deps: AdoptDeps, machineId: string): Promise<void> {
  return deps.queue.run(machineId, 'forget', async () => {
    const { hypervisor, store, library } = deps;
    const record = ownRecord(deps, machineId, 'There is nothing to forget.');
    refuseUnsettled(store, record);
    const domain = await hypervisor.findDomain({ uuid: record.domainUuid });
    if (domain !== null && domain.metadata?.machineId === record.id) {
      // A filter of Berth's would stay in use by a domain that is not Berth's any more.
      if (store.filters.get({ kind: 'machine', id: record.id }) !== null) {
        await filtering.bindMachine(deps, record.domainUuid, null);
      }
      await hypervisor.setDomainMark(record.domainUuid, null);
    }
    await filtering.removeFilter(deps, { kind: 'machine', id: record.id });
    store.creations.clearSecret(record.creationId);
    // What it made belongs to the domain now, and must not be taken for a leftover.
    for (const { id } of store.journal.entries(record.creationId)) store.journal.mark(id, 'undone');
    store.machines.remove(record.id);
    await library.reread(record.domainUuid);
    library.machineChanged(record.id);
  });
}

async function adoptable(
  { store, library, hypervisor }: AdoptDeps,
  machineId: string,
): Promise<DomainFacts> {
  const row = library.get(machineId);
  if (row.origin === 'berth' || store.machines.getByDomainUuid(row.domainUuid) !== null) {
    throw new BerthError('machine_own', `${row.name} is Berth’s already.`);
  }
  const domain = await hypervisor.findDomain({ uuid: row.domainUuid });
  if (domain === null) {
    throw new BerthError('machine_missing', 'This machine does not exist any more.');
  }
  if (domain.persistent) return domain;
  throw new BerthError('domain_transient', `${domain.name} exists only while it runs.`, {
    hint: 'Define it first, for example with virsh define.',
  });
}

async function findVolumes(
  deps: AdoptDeps,
  domain: DomainFacts,
): Promise<(AdoptableVolume & { facts: VolumeFacts | null })[]> {
  const { hypervisor } = deps;
  const [disks, pools, others] = await Promise.all([
    hypervisor.domainDisks(domain.uuid),
    hypervisor.listPools(),
    hypervisor.listDomains(),
  ]);
  const used = new Set<string>();
  for (const other of others) {
    if (other.uuid === domain.uuid) continue;
    for (const { path } of await hypervisor.domainDisks(other.uuid).catch(gone)) {
      if (path !== null) used.add(path);
    }
  }
  const active = pools.filter((pool) => pool.active);
  const all = (await Promise.all(active.map(({ name }) => hypervisor.listVolumes(name)))).flat();
  const bases = new Set(all.flatMap(({ backing }) => backing?.path ?? []));
  return disks.flatMap((disk) => {
    if (disk.path === null) return [];
    const facts = all.find(({ path }) => path === disk.path) ?? null;
    const reason = whyNot(deps, disk, facts, { used, bases });
    const where = facts ?? poolOf(active, disk.path);
    return [
      {
        target: disk.target,
        path: disk.path,
        pool: where?.pool ?? null,
        name: baseName(disk.path),
        capacityBytes: facts?.capacityBytes ?? null,
        ownable: reason === null,
        ...(reason !== null && { reason }),
        facts,
      },
    ];
  });
}

const poolOf = (pools: readonly PoolFacts[], path: string) => {
  const pool = pools.find(({ targetPath }) => targetPath === folderOf(path));
  return pool && { pool: pool.name };
};

function whyNot(
  { store }: AdoptDeps,
  { device, path }: DomainDisk,
  facts: VolumeFacts | null,
  { used, bases }: { used: ReadonlySet<string>; bases: ReadonlySet<string> },
): string | null {
  if (device !== 'disk') return 'It is a medium, not a disk.';
  if (facts === null) return 'It is in no pool of libvirt’s.';
  if (path !== null && used.has(path)) return 'Another machine uses it.';
  if (bases.has(facts.path)) return 'Another disk lies on it.';
  const { pool, name } = facts;
  const isMedia = store.media.list().some((one) => one.pool === pool && one.volume === name);
  if (isMedia) return 'It belongs to the media library.';
  const owner = store.machines
    .list()
    .find(({ id }) => store.machines.volumes(id).some((v) => v.pool === pool && v.name === name));
  return owner === undefined ? null : `It belongs to ${owner.name}.`;
}

function chosen(
  found: readonly (AdoptableVolume & { facts: VolumeFacts | null })[],
  wanted: readonly VolumeRef[],
): VolumeFacts[] {
  return wanted.map(({ pool, name }) => {
    const volume = found.find((one) => one.pool === pool && one.name === name);
    if (volume?.ownable && volume.facts !== null) return volume.facts;
    throw new BerthError('volume_not_ownable', `${name} cannot become the machine’s own.`, {
      hint: volume?.reason ?? 'The machine does not use it.',
    });
  });
}

function newRecord(
  { ids, clock, system }: AdoptDeps,
  domain: DomainFacts,
  departmentId: string,
  owned: readonly VolumeFacts[],
): MachineRecord {
  return {
    id: ids.uuid(),
    name: domain.title ?? domain.name,
    domainName: domain.name,
    domainUuid: domain.uuid,
    departmentId,
    templateId: ADOPTED_TEMPLATE,
    // Of no creation; a machine's id of it is unique all the same.
    creationId: ids.uuid(),
    osLabel: domain.osinfoId,
    provisioning: 'none',
    notes: [],
    deleteFailed: false,
    createdAt: clock.now(),
    vcpus: domain.vcpus,
    memoryBytes: domain.memoryBytes,
    diskBytes: owned.reduce((sum, { capacityBytes }) => sum + capacityBytes, 0),
    createdBy: system.userName(),
  };
}

/** The record comes first: what is marked as ours is never without one. */
function claim({ store }: AdoptDeps, record: MachineRecord, owned: readonly VolumeFacts[]): void {
  store.departments.atomically(() => {
    const over = findOverQuota(store, record.departmentId, {
      ...NO_USAGE,
      machines: 1,
      vcpus: record.vcpus,
      memoryBytes: record.memoryBytes,
      diskBytes: record.diskBytes,
    })[0];
    if (over !== undefined) {
      const { code, message, hint } = over;
      throw new BerthError(code, message, hint === undefined ? {} : { hint });
    }
    store.machines.insert(record);
    for (const { pool, name } of owned) {
      store.machines.addVolume(record.id, { pool, name, role: 'disk' });
    }
  });
}

async function mark({ hypervisor }: AdoptDeps, record: MachineRecord): Promise<void> {
  const { id, creationId, templateId, departmentId, domainUuid: uuid } = record;
  const fields = { machineId: id, creationId, templateId, departmentId };
  const schemaVersion = METADATA_SCHEMA_VERSION;
  const element = bareMetadataElement({ ...fields, schemaVersion });
  await hypervisor.setDomainMark(uuid, serializeXml(element));
  const marked = await hypervisor.findDomain({ uuid });
  if (marked?.metadata?.machineId === id) return;
  throw new BerthError('mark_failed', 'libvirt has not stored Berth’s mark in the definition.', {
    retryable: true,
  });
}

function gone(error: unknown): never[] {
  if (error instanceof BerthError && error.code === 'domain_missing') return [];
  throw error;
}
