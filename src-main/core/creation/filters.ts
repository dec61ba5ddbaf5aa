import type { CreateInput } from '../../../src-contract/model/create-request.ts';
import type { FilterOwner, FilterPolicy } from '../../../src-contract/model/filter.ts';
import { buildFilterXml, type FilterSubject, filterNameFor, isOpen } from '../domain/nwfilter.ts';
import { sameFilter } from '../domain/nwfilter-compare.ts';
import { BerthError } from '../errors.ts';
import type { CallOptions } from '../ports/hypervisor.ts';
import type { NetworkFilters } from '../ports/network-filters.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, Ids } from '../ports/system.ts';
import { isConnectionError } from './connection.ts';

export interface FilterDeps {
  hypervisor: NetworkFilters;
  store: Pick<Store, 'filters' | 'departments'>;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'uuid'>;
}

export interface FilteredMachine {
  id: string;
  name: string;
  departmentId: string;
}

/** A filter as it should be in libvirt. */
export interface WantedFilter extends FilterSubject {
  owner: FilterOwner;
}

const OPEN: FilterPolicy = { preset: 'allow-all', rules: [] };

export function policyOf(store: FilterDeps['store'], owner: FilterOwner): FilterPolicy {
  if (owner.kind === 'machine') return store.filters.get(owner)?.policy ?? OPEN;
  return store.departments.get(owner.id)?.filter ?? OPEN;
}

/** Null when the department's policy asks for nothing. */
export function departmentFilter(
  { store, ids }: Pick<FilterDeps, 'store' | 'ids'>,
  departmentId: string,
): WantedFilter | null {
  const record = store.departments.get(departmentId);
  if (record === null || isOpen(record.filter)) return null;
  const owner = { kind: 'department', id: departmentId } as const;
  const named = identityOf({ store, ids }, owner, record.name);
  return { ...named, kind: owner.kind, owner, policy: record.filter, parent: null };
}

/**
 * The filters of a machine, each before those that reference it; none = it needs none. The last one is the machine's.
 * `policy` stands for that of a machine which has no record yet.
 */
export function filtersFor(
  deps: Pick<FilterDeps, 'store' | 'ids'>,
  machine: FilteredMachine,
  policy?: FilterPolicy,
): WantedFilter[] {
  const owner = { kind: 'machine', id: machine.id } as const;
  const own = policy ?? policyOf(deps.store, owner);
  const shared = departmentFilter(deps, machine.departmentId);
  const parents = shared === null ? [] : [shared];
  if (isOpen(own)) return parents;
  const parent = shared && { name: shared.name, policy: shared.policy };
  const named = identityOf(deps, owner, machine.name);
  return [...parents, { ...named, kind: owner.kind, owner, policy: own, parent }];
}

/** Those of a machine that is being made. */
export function machineFilters(
  deps: Pick<FilterDeps, 'store' | 'ids'>,
  machineId: string,
  { name, departmentId, overrides }: CreateInput,
): WantedFilter[] {
  return filtersFor(deps, { id: machineId, name, departmentId }, overrides.filter);
}

function identityOf(
  { store, ids }: Pick<FilterDeps, 'store' | 'ids'>,
  owner: FilterOwner,
  ownerName: string,
): { name: string; uuid: string } {
  const known = store.filters.get(owner);
  if (known !== null) return { name: known.name, uuid: known.uuid };
  return { name: filterNameFor(ownerName, owner.id), uuid: ids.uuid() };
}

export interface EnsureOptions extends CallOptions {
  /** Makes the call that defines a filter which was not there; for whoever writes it down before. */
  create?: <T>(call: () => Promise<T>) => Promise<T>;
}

/**
 * Defines a filter where libvirt has not exactly this one, and reads it back. True = it was as it should be.
 * Rejects with `filter_failed`, or `libvirt_unreachable`.
 */
export async function ensureFilter(
  deps: FilterDeps,
  wanted: WantedFilter,
  options: EnsureOptions = {},
): Promise<boolean> {
  try {
    return await ensure(deps, wanted, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof BerthError) || isConnectionError(error)) throw error;
    if (error.code === 'filter_failed') throw error;
    throw filterFailed(wanted.name, error.hint ?? error.message, error);
  }
}

async function ensure(
  deps: FilterDeps,
  wanted: WantedFilter,
  { create = (call) => call(), signal }: EnsureOptions,
): Promise<boolean> {
  const { hypervisor } = deps;
  const { name, uuid } = wanted;
  const call = signal ? { signal } : {};
  const xml = buildFilterXml(wanted);
  const found = await hypervisor.findNwFilter(name, call);
  if (found !== null && found.uuid !== uuid) {
    throw filterFailed(name, 'Another tool has made a filter of this name: remove that one.');
  }
  const isSame = found !== null && sameFilter(found.xml, xml);
  if (!isSame) {
    remember(deps, wanted, null);
    const define = () => hypervisor.defineNwFilter(xml, call);
    await (found === null ? create(define) : define());
    const made = await hypervisor.findNwFilter(name, call);
    if (made?.uuid !== uuid || !sameFilter(made.xml, xml)) {
      throw filterFailed(name, 'libvirt has not stored the filter as it was told.');
    }
  }
  if (deps.store.filters.get(wanted.owner)?.appliedXml !== xml) remember(deps, wanted, xml);
  return isSame;
}

/** Before the act with null, so that what libvirt gets can be found again. */
function remember({ store, clock }: FilterDeps, wanted: WantedFilter, xml: string | null): void {
  const { owner, name, uuid, policy } = wanted;
  store.filters.save({
    owner,
    name,
    uuid,
    policy: owner.kind === 'machine' ? policy : null,
    appliedXml: xml,
    appliedAt: xml === null ? null : clock.now(),
  });
}

export function filterFailed(name: string, hint: string, cause?: unknown): BerthError {
  return new BerthError('filter_failed', `The network filter ${name} could not be put in force.`, {
    hint,
    retryable: true,
    cause,
  });
}

/**
 * Puts a machine that is to start under its filters and looks that it is. Rejects with `filter_missing` when it
 * would run without.
 */
export async function secureMachine(
  deps: FilterDeps,
  machine: FilteredMachine & { domainUuid: string },
): Promise<void> {
  const wanted = filtersFor(deps, machine);
  const filter = wanted.at(-1)?.name ?? null;
  if (filter === null) return;
  try {
    for (const one of wanted) await ensureFilter(deps, one);
    await bindMachine(deps, machine.domainUuid, filter);
  } catch (error) {
    if (!(error instanceof BerthError) || isConnectionError(error)) throw error;
    throw new BerthError(
      'filter_missing',
      `${machine.name} would run without its network filter.`,
      {
        hint: error.hint ?? error.message,
        cause: error,
        retryable: true,
      },
    );
  }
}

const ENFORCED = ['network', 'bridge'];

/** Sets what the interfaces of a domain reference, and reads it back. Rejects with `filter_unenforceable`, `filter_failed`. */
export async function bindMachine(
  { hypervisor }: Pick<FilterDeps, 'hypervisor'>,
  domainUuid: string,
  filter: string | null,
): Promise<void> {
  const wrong = async () => {
    const cards = await hypervisor.domainInterfaces(domainUuid);
    const open = cards.find(({ kind }) => !ENFORCED.includes(kind));
    if (filter !== null && open !== undefined) throw unenforceable(open.kind);
    return cards.some((card) => card.filter !== filter && ENFORCED.includes(card.kind));
  };
  if (!(await wrong())) return;
  await hypervisor.setDomainFilter(domainUuid, filter);
  if (!(await wrong())) return;
  throw filterFailed(filter ?? 'none', 'libvirt has not changed the machine’s network interface.');
}

function unenforceable(kind: string): BerthError {
  return new BerthError(
    'filter_unenforceable',
    `The machine has a network interface of the kind “${kind}”, which no filter reaches.`,
    { hint: 'Put it on a libvirt network or a bridge.' },
  );
}

/** Undefines what Berth has made for an owner, looks that it is gone and forgets it. Rejects with `filter_in_use`. */
export async function removeFilter(
  { hypervisor, store }: Pick<FilterDeps, 'hypervisor'> & { store: Pick<Store, 'filters'> },
  owner: FilterOwner,
): Promise<void> {
  const record = store.filters.get(owner);
  if (record === null) return;
  const { name, uuid } = record;
  const found = await hypervisor.findNwFilter(name).catch((error: unknown) => {
    if (error instanceof BerthError && error.code === 'unsupported') return null;
    throw error;
  });
  if (found?.uuid === uuid) {
    await hypervisor.undefineNwFilter(name);
    if ((await hypervisor.findNwFilter(name))?.uuid === uuid) {
      throw new BerthError('filter_still_there', `libvirt still has the filter ${name}.`);
    }
  }
  store.filters.remove(owner);
}
