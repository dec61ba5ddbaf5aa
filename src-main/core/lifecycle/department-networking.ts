import {
  type Department,
  type DepartmentChange,
  type DepartmentDraft,
  type DepartmentNetwork,
  PERSONAL_DEPARTMENT,
} from '../../../src-contract/model/department.ts';
import { isOpen } from '../domain/nwfilter.ts';
import { BerthError } from '../errors.ts';
import type { Store } from '../ports/repositories.ts';
import type { Log } from '../ports/system.ts';
import type { DepartmentNetworks } from './department-networks.ts';
import type { DepartmentService } from './departments.ts';
import type { FilterService } from './filters.ts';

export interface DepartmentNetworkingDeps {
  departments: DepartmentService;
  networks: DepartmentNetworks;
  filters: FilterService;
  store: Pick<Store, 'departments'>;
  log: Log;
}

/** Departments together with what libvirt has of them: a network and a filter. */
export class DepartmentNetworking {
  readonly #deps: DepartmentNetworkingDeps;

  constructor(deps: DepartmentNetworkingDeps) {
    this.#deps = deps;
  }

  /** Rejects as the department's record, its network and its filter do; nothing is left then. */
  async create(draft: DepartmentDraft): Promise<Department> {
    const { departments, networks } = this.#deps;
    const { network = { kind: 'none' }, ...rest } = draft;
    const made = departments.create(rest);
    if (network.kind === 'none' && isOpen(made.filter)) return made;
    try {
      const ensured = await networks.ensure(made.id, network);
      if (ensured.kind !== 'none') departments.update(made.id, { network: ensured });
      await this.#deps.filters.checkDepartment(made.id, made.filter);
      await this.#deps.filters.applyDepartment(made.id);
    } catch (error) {
      await this.#undoCreate(made.id);
      throw error;
    }
    return departments.get(made.id);
  }

  /** A network changes only while the department has no machines: `network_in_use`. */
  async update(id: string, change: DepartmentChange): Promise<Department> {
    const { departments, filters } = this.#deps;
    const before = departments.get(id);
    if (change.filter !== undefined) await filters.checkDepartment(id, change.filter);
    const network =
      change.network && (await this.#changedNetwork(id, before.network, change.network));
    departments.update(id, { ...change, ...(network && { network }) });
    if (network && before.network.kind === 'own' && network.kind !== 'own') {
      await this.#deps.networks.remove(id, before.network);
    }
    if (change.filter !== undefined) await filters.applyDepartment(id);
    return departments.get(id);
  }

  /** Removes its network and its filter before itself. Rejects with `department_in_use`, `network_in_use`. */
  async remove(id: string): Promise<void> {
    const { departments, networks, filters, store } = this.#deps;
    const record = store.departments.get(id);
    const refused = record === null || id === PERSONAL_DEPARTMENT;
    if (!refused && store.departments.usage(id).machines === 0) {
      await networks.remove(id, record.network);
      await filters.remove({ kind: 'department', id });
    }
    departments.remove(id);
  }

  async #changedNetwork(
    id: string,
    before: DepartmentNetwork,
    wanted: DepartmentNetwork,
  ): Promise<DepartmentNetwork> {
    if (isSame(before, wanted)) return before;
    const { machines } = this.#deps.store.departments.usage(id);
    if (machines > 0) {
      throw new BerthError('network_in_use', 'The department has machines on its network.', {
        hint: 'A department’s network can be changed while it has no machines.',
      });
    }
    const fresh = wanted.kind === 'own' ? { ...wanted, network: null, subnet: null } : wanted;
    return this.#deps.networks.ensure(id, fresh);
  }

  async #undoCreate(id: string): Promise<void> {
    try {
      await this.remove(id);
    } catch (error) {
      this.#deps.log.error('a department could not be taken back', { departmentId: id, error });
    }
  }
}

function isSame(before: DepartmentNetwork, wanted: DepartmentNetwork): boolean {
  if (before.kind === 'own' && wanted.kind === 'own') return before.mode === wanted.mode;
  if (before.kind === 'existing' && wanted.kind === 'existing') return before.name === wanted.name;
  return before.kind === 'none' && wanted.kind === 'none';
}
