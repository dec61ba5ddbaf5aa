import { PERSONAL_DEPARTMENT, type Role } from '../../../src-contract/model/department.ts';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { type About, isAllowed } from '../../../src-contract/model/permissions.ts';
import { type Actor, roleOf } from '../domain/permissions.ts';
import { BerthError } from '../errors.ts';
import type { Store } from '../ports/repositories.ts';
import type { SystemFacts } from '../ports/system.ts';
import type { MachineLibrary } from './machines.ts';

export interface AccessDeps {
  store: Pick<Store, 'departments' | 'machines' | 'creations'>;
  library: Pick<MachineLibrary, 'peek'>;
  system: Pick<SystemFacts, 'actor'>;
}

/** What of a command's inputs says where it belongs. */
export interface Inputs {
  machineId?: unknown;
  creationId?: unknown;
  departmentId?: unknown;
  owner?: unknown;
  request?: unknown;
}

/** Who the person of this process is in each department. */
export class Access {
  readonly #deps: AccessDeps;
  readonly actor: Actor;
  #roles: Map<string, Role | null> | null = null;

  constructor(deps: AccessDeps) {
    this.#deps = deps;
    this.actor = deps.system.actor();
  }

  /** As it is in the database now. A department that is not there is nobody's. */
  roleIn(departmentId: string): Role | null {
    const record = this.#deps.store.departments.get(departmentId);
    return record === null ? null : roleOf(record.members, this.actor);
  }

  /** Whether machines, creations and events of a department reach this person. From memory. */
  canSee(departmentId: string): boolean {
    this.#roles ??= this.#readRoles();
    const home = this.#roles.has(departmentId) ? departmentId : PERSONAL_DEPARTMENT;
    return isAllowed(this.#roles.get(home) ?? null, 'viewer');
  }

  /** Members or departments have changed, here or in another process. */
  forget(): void {
    this.#roles = null;
  }

  /** The event as far as this person may see it; null = not at all. */
  filter(event: BerthEvent): BerthEvent | null {
    if ('departmentId' in event) return this.canSee(event.departmentId) ? event : null;
    if (event.type !== 'machines.reset') return event;
    return { ...event, machines: event.machines.filter((row) => this.canSee(row.departmentId)) };
  }

  /**
   * The departments in which a command asks for its role; none = it is open to all, or about something that does not
   * exist, which the command itself will say.
   */
  departmentsOf(about: About, inputs: Inputs): string[] {
    switch (about) {
      case 'nobody':
        return [];
      case 'host':
        return [PERSONAL_DEPARTMENT];
      case 'scope':
        return [text(inputs.departmentId) ?? PERSONAL_DEPARTMENT];
      case 'department':
        return this.#named(text(inputs.departmentId) ?? PERSONAL_DEPARTMENT);
      case 'machine':
        return this.#ofMachine(text(inputs.machineId));
      case 'adoption':
        return [
          ...this.#ofMachine(text(inputs.machineId)),
          ...this.#named(text(inputs.departmentId) ?? PERSONAL_DEPARTMENT),
        ];
      case 'creation':
        return this.#ofCreation(text(inputs.creationId), inputs.request);
      case 'owner':
        return this.#ofOwner(inputs.owner);
    }
  }

  #readRoles(): Map<string, Role | null> {
    const records = this.#deps.store.departments.list();
    return new Map(records.map(({ id, members }) => [id, roleOf(members, this.actor)]));
  }

  #named(departmentId: string): string[] {
    if (this.#deps.store.departments.get(departmentId) !== null) return [departmentId];
    throw new BerthError('department_missing', 'There is no such department.', {
      hint: '"berth departments list" shows those that you can see.',
    });
  }

  #ofMachine(machineId: string | null): string[] {
    if (machineId === null) return [];
    const { machines } = this.#deps.store;
    const machine = machines.get(machineId) ?? this.#deps.library.peek(machineId);
    return machine ? [this.#home(machine.departmentId)] : [];
  }

  #ofCreation(creationId: string | null, request: unknown): string[] {
    const row = creationId === null ? null : this.#deps.store.creations.get(creationId);
    const target = isObject(request) ? text(request.departmentId) : null;
    return [
      ...(row === null ? [] : [this.#home(row.creation.departmentId)]),
      ...(target === null ? [] : this.#named(target)),
    ];
  }

  #ofOwner(owner: unknown): string[] {
    if (!isObject(owner)) return [];
    const { kind, id } = owner as { kind?: unknown; id?: unknown };
    const name = text(id);
    if (kind === 'machine') return this.#ofMachine(name);
    return name === null ? [] : this.#named(name);
  }

  /** What belongs to no department that is known here is Personal's. */
  #home(departmentId: string): string {
    const known = this.#deps.store.departments.get(departmentId) !== null;
    return known ? departmentId : PERSONAL_DEPARTMENT;
  }
}

const text = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const isObject = (value: unknown): value is Inputs => typeof value === 'object' && value !== null;
