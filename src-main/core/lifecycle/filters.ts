import type {
  Filter,
  FilterConflict,
  FilterOwner,
  FilterPolicy,
} from '../../../src-contract/model/filter.ts';
import { filtering } from '../creation/index.ts';
import { buildFilterXml, filterNameFor, inheritedFilter, isOpen } from '../domain/nwfilter.ts';
import { sameFilter } from '../domain/nwfilter-compare.ts';
import { findConflicts } from '../domain/nwfilter-conflicts.ts';
import { ruleProblem } from '../domain/nwfilter-rule.ts';
import { BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { NwFilterBindingFacts } from '../ports/network-filters.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Clock, Ids } from '../ports/system.ts';

export interface FilterServiceDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'filters' | 'departments' | 'machines'>;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'uuid'>;
  access: { canSee(departmentId: string): boolean };
}

type Wanted = ReturnType<typeof filtering.filtersFor>[number];

/** Network filters of departments and machines. Whether a person may is asked before, by the commands. */
export class FilterService {
  readonly #deps: FilterServiceDeps;
  #work: Promise<unknown> = Promise.resolve();

  constructor(deps: FilterServiceDeps) {
    this.#deps = deps;
  }

  /** Of all departments, and of the machines that have a policy of their own, as far as this person may see them. */
  async list(): Promise<Filter[]> {
    const { store, access } = this.#deps;
    const owners: FilterOwner[] = [
      ...store.departments
        .list()
        .filter(({ id }) => access.canSee(id))
        .map(({ id }) => ({ kind: 'department' as const, id })),
      ...store.machines
        .list()
        .filter((machine) => access.canSee(machine.departmentId))
        .map(({ id }) => ({ kind: 'machine' as const, id }))
        .filter((owner) => store.filters.get(owner) !== null),
    ];
    return Promise.all(owners.map((owner) => this.get(owner)));
  }

  /** Compared with what libvirt has now. Rejects with `filter_owner_missing`. */
  async get(owner: FilterOwner): Promise<Filter> {
    const { clock, store } = this.#deps;
    const wanted = this.#wanted(owner);
    const policy = filtering.policyOf(store, owner);
    const name = wanted?.name ?? store.filters.get(owner)?.name ?? this.#nameOf(owner);
    const { state, bindings } = await this.#verify(owner, wanted, name);
    return {
      owner,
      name,
      policy,
      inherits: wanted && inheritedFilter(wanted),
      conflicts: this.check(owner, policy),
      state,
      bindings,
      checkedAt: state === 'unknown' || state === 'unsupported' ? null : clock.now(),
      xml: wanted === null ? '' : buildFilterXml(wanted),
    };
  }

  /** Rejects with `filter_invalid` where a rule makes no sense. */
  check(owner: FilterOwner, policy: FilterPolicy): FilterConflict[] {
    checkRules(policy);
    return findConflicts(policy, owner.kind === 'machine' ? this.#parentPolicy(owner.id) : null);
  }

  /**
   * Gives a machine a policy of its own and puts it in force, on a running machine at once.
   * Rejects with `filter_invalid`, `filter_unenforceable`, `filter_failed`; in the last case the old rules stay in force
   * and the machine does not start again before the new ones are.
   */
  setMachine(machineId: string, policy: FilterPolicy): Promise<void> {
    return this.#inTurn(async () => {
      const { store } = this.#deps;
      const machine = this.#machine(machineId);
      checkRules(policy);
      const owner = { kind: 'machine', id: machineId } as const;
      const [wanted] = filtering.filtersFor(this.#deps, machine, policy).slice(-1);
      if (wanted !== undefined) await this.#refuseUnenforceable([machine]);
      const known = store.filters.get(owner);
      if (known === null && isOpen(policy)) return;
      const name = known?.name ?? filterNameFor(machine.name, machineId);
      const uuid = known?.uuid ?? this.#deps.ids.uuid();
      store.filters.save({ owner, name, uuid, policy, appliedXml: null, appliedAt: null });
      await this.#apply(machine);
      if (isOpen(policy)) await filtering.removeFilter(this.#deps, owner);
    });
  }

  /** Rejects with `filter_unenforceable` where a department's machines could not be kept to a policy. */
  async checkDepartment(departmentId: string, policy: FilterPolicy): Promise<void> {
    checkRules(policy);
    if (!isOpen(policy)) await this.#refuseUnenforceable(this.#machinesOf(departmentId));
  }

  /** Puts the stored policy of a department in force for all its machines. */
  applyDepartment(departmentId: string): Promise<void> {
    return this.#inTurn(async () => {
      const shared = filtering.departmentFilter(this.#deps, departmentId);
      const owner = { kind: 'department', id: departmentId } as const;
      if (shared === null && this.#deps.store.filters.get(owner) === null) return;
      if (shared !== null) await filtering.ensureFilter(this.#deps, shared);
      for (const machine of this.#machinesOf(departmentId)) await this.#apply(machine);
      if (shared === null) await filtering.removeFilter(this.#deps, owner);
    });
  }

  /** Removes the filter of a machine or department that is going. */
  remove(owner: FilterOwner): Promise<void> {
    return this.#inTurn(() => filtering.removeFilter(this.#deps, owner));
  }

  /** One change after the other: filters of machines rest on those of departments. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#work.then(work);
    this.#work = turn.catch(() => undefined);
    return turn;
  }

  async #apply(machine: MachineRecord): Promise<void> {
    const wanted = filtering.filtersFor(this.#deps, machine);
    for (const filter of wanted) await filtering.ensureFilter(this.#deps, filter);
    const { hypervisor } = this.#deps;
    // One that is still being made gets its filter with its start.
    if ((await hypervisor.findDomain({ uuid: machine.domainUuid })) === null) return;
    await filtering.bindMachine(this.#deps, machine.domainUuid, wanted.at(-1)?.name ?? null);
  }

  async #refuseUnenforceable(machines: readonly MachineRecord[]): Promise<void> {
    const { hypervisor } = this.#deps;
    await hypervisor.listNwFilters().catch((error: unknown) => {
      if (!(error instanceof BerthError) || error.code !== 'unsupported') throw error;
      throw new BerthError(
        'filter_unenforceable',
        'This connection’s libvirt has no network filters.',
        { hint: 'Only the system’s daemon, qemu:///system, enforces them.', cause: error },
      );
    });
    for (const { domainUuid, name } of machines) {
      if ((await hypervisor.findDomain({ uuid: domainUuid })) === null) continue;
      const cards = await hypervisor.domainInterfaces(domainUuid);
      if (cards.every(({ kind }) => kind === 'network' || kind === 'bridge')) continue;
      throw new BerthError(
        'filter_unenforceable',
        `${name} has a network interface that no filter reaches.`,
        { hint: 'Put the machine on a libvirt network or a bridge first.' },
      );
    }
  }

  async #verify(
    owner: FilterOwner,
    wanted: Wanted | null,
    name: string,
  ): Promise<Pick<Filter, 'state' | 'bindings'>> {
    const { hypervisor } = this.#deps;
    try {
      const [found, all] = await Promise.all([
        hypervisor.findNwFilter(name),
        hypervisor.listNwFilterBindings(),
      ]);
      const bindings = all.filter(({ filter }) => filter === name);
      const shown = bindings.map(({ device, ownerUuid }) => ({
        device,
        machineId: this.#machineIdOf(ownerUuid),
      }));
      if (wanted === null)
        return { state: found === null ? 'verified' : 'differs', bindings: shown };
      if (found === null) return { state: 'missing', bindings: shown };
      const right = found.uuid === wanted.uuid && sameFilter(found.xml, buildFilterXml(wanted));
      const bound = right && (await this.#areBound(owner, name, all));
      return { state: bound ? 'verified' : 'differs', bindings: shown };
    } catch (error) {
      if (!(error instanceof BerthError)) throw error;
      return { state: error.code === 'unsupported' ? 'unsupported' : 'unknown', bindings: [] };
    }
  }

  /** Whether all running machines that should have this filter have it on every interface. */
  async #areBound(
    owner: FilterOwner,
    name: string,
    bindings: readonly NwFilterBindingFacts[],
  ): Promise<boolean> {
    const { store, hypervisor } = this.#deps;
    const machines =
      owner.kind === 'machine' ? [this.#machine(owner.id)] : this.#machinesOf(owner.id);
    const own = machines.filter(
      (machine) => filtering.filtersFor(this.#deps, machine).at(-1)?.name === name,
    );
    const domains = await hypervisor.listDomains();
    return own
      .filter(({ id }) => store.machines.get(id) !== null)
      .every(({ domainUuid }) => {
        const power = domains.find(({ uuid }) => uuid === domainUuid)?.power;
        if (power === undefined || power === 'off' || power === 'crashed') return true;
        const cards = bindings.filter(({ ownerUuid }) => ownerUuid === domainUuid);
        return cards.length > 0 && cards.every(({ filter }) => filter === name);
      });
  }

  #wanted(owner: FilterOwner): Wanted | null {
    if (owner.kind === 'department') return filtering.departmentFilter(this.#deps, owner.id);
    const last = filtering.filtersFor(this.#deps, this.#machine(owner.id)).at(-1);
    return last?.owner.kind === 'machine' ? last : null;
  }

  #parentPolicy(machineId: string): FilterPolicy | null {
    const { departmentId } = this.#machine(machineId);
    return filtering.policyOf(this.#deps.store, { kind: 'department', id: departmentId });
  }

  #machinesOf(departmentId: string): MachineRecord[] {
    return this.#deps.store.machines.list().filter((one) => one.departmentId === departmentId);
  }

  #machineIdOf(domainUuid: string | null): string | null {
    if (domainUuid === null) return null;
    return this.#deps.store.machines.getByDomainUuid(domainUuid)?.id ?? null;
  }

  #machine(machineId: string): MachineRecord {
    const record = this.#deps.store.machines.get(machineId);
    if (record !== null) return record;
    throw new BerthError('filter_owner_missing', 'Berth has made no such machine.', {
      hint: 'Filters are for machines that Berth made, and for departments.',
    });
  }

  #nameOf(owner: FilterOwner): string {
    if (owner.kind === 'machine') return filterNameFor(this.#machine(owner.id).name, owner.id);
    const record = this.#deps.store.departments.get(owner.id);
    if (record !== null) return filterNameFor(record.name, owner.id);
    throw new BerthError('department_missing', 'There is no such department.');
  }
}

function checkRules({ rules }: FilterPolicy): void {
  for (const rule of rules) {
    const problem = ruleProblem(rule);
    if (problem !== null) throw new BerthError('filter_invalid', problem);
  }
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw new BerthError('filter_invalid', 'Two rules have the same id.');
  }
}
