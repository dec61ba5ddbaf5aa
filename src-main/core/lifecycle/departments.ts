import {
  type Department,
  type DepartmentChange,
  type DepartmentDraft,
  type Member,
  PERSONAL_DEPARTMENT,
} from '../../../src-contract/model/department.ts';
import { nameProblem } from '../domain/naming.ts';
import { roleOf } from '../domain/permissions.ts';
import { changedQuota, NO_QUOTA, type QuotaChange } from '../domain/quota.ts';
import { BerthError } from '../errors.ts';
import type { DepartmentRecord } from '../ports/department-repository.ts';
import type { Store } from '../ports/repositories.ts';
import type { Clock, Ids, SystemFacts } from '../ports/system.ts';
import type { Access } from './access.ts';
import type { Hub } from './hub.ts';

export interface DepartmentDeps {
  store: Pick<Store, 'departments' | 'onForeignChange'>;
  access: Access;
  system: Pick<SystemFacts, 'hasAccount'>;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'uuid'>;
  hub: Hub;
}

/** Events after which a department may use more or less than before. */
const USAGE_EVENTS: readonly string[] = [
  'vms.create_queued',
  'vms.create_failed',
  'vms.create_cancelled',
  'vms.removed',
];

/** Departments with their members and quotas. Whether a person may is asked before, by the commands. */
export class DepartmentService {
  readonly #deps: DepartmentDeps;
  readonly #stop: (() => void)[];
  #told: string;

  constructor(deps: DepartmentDeps) {
    this.#deps = deps;
    this.#adoptPersonal();
    this.#told = JSON.stringify(this.list());
    this.#stop = [
      deps.store.onForeignChange(() => this.#changed()),
      deps.hub.subscribe(({ type }) => {
        if (USAGE_EVENTS.includes(type)) this.#changed();
      }),
    ];
  }

  /** Those that the person of this process may see. */
  list(): Department[] {
    return this.#deps.store.departments.list().flatMap((record) => {
      const ownRole = roleOf(record.members, this.#deps.access.actor);
      return ownRole === null ? [] : [{ ...this.#facts(record), ownRole }];
    });
  }

  /** Throws `department_missing`. */
  get(id: string): Department {
    return this.#shown(id);
  }

  /** Rejects with `department_name_taken`, `department_invalid`. */
  create(draft: DepartmentDraft): Department {
    const { store, clock, ids, access } = this.#deps;
    const { user, uid } = access.actor;
    const record: DepartmentRecord = {
      id: ids.uuid(),
      name: checkedName(draft.name),
      description: draft.description ?? '',
      members: uid === 0 ? [] : [{ kind: 'user', name: user, role: 'owner' }],
      quota: changedQuota(NO_QUOTA, draft.quota ?? {}),
      network: draft.network ?? { kind: 'none' },
      filter: draft.filter ?? { preset: 'allow-all', rules: [] },
      createdAt: clock.now(),
    };
    store.departments.insert(record);
    this.#changed();
    return this.#shown(record.id);
  }

  /** Rejects with `department_missing`, `department_name_taken`, `department_invalid`. */
  update(id: string, change: DepartmentChange): Department {
    this.#record(id);
    const { name, description, network, filter } = change;
    this.#deps.store.departments.update(id, {
      ...(name !== undefined && { name: checkedName(name) }),
      ...(description !== undefined && { description }),
      ...(network !== undefined && { network }),
      ...(filter !== undefined && { filter }),
    });
    this.#changed();
    return this.#shown(id);
  }

  /** Limits that are left out stay. A limit below what is used stops new claims and takes nothing away. */
  setQuota(id: string, change: QuotaChange): Department {
    const { departments } = this.#deps.store;
    departments.atomically(() => {
      const { quota } = this.#record(id);
      departments.update(id, { quota: changedQuota(quota, change) });
    });
    this.#changed();
    return this.#shown(id);
  }

  /** Rejects with `department_missing`, `department_in_use`, `department_personal`. */
  remove(id: string): void {
    this.#record(id);
    if (id === PERSONAL_DEPARTMENT) {
      throw new BerthError('department_personal', 'The personal department cannot be deleted.', {
        hint: 'What belongs to no other department is in it.',
      });
    }
    this.#deps.store.departments.remove(id);
    this.#changed();
  }

  /** Adds a member or changes its role. Rejects with `member_unknown`, `department_needs_owner`. */
  async setMember(id: string, member: Member): Promise<void> {
    this.#record(id);
    const { kind, name, role } = member;
    if (!(await this.#deps.system.hasAccount(kind, name))) {
      throw new BerthError('member_unknown', `This host has no ${kind} “${name}”.`, {
        hint:
          kind === 'user'
            ? 'Members are users of this host; "getent passwd" lists them.'
            : 'Members may be groups of this host; "getent group" lists them.',
      });
    }
    const { departments } = this.#deps.store;
    departments.atomically(() => {
      if (role !== 'owner') this.#refuseLastOwner(id, member);
      departments.setMember(id, member);
    });
    this.#changed();
  }

  /** Rejects with `member_missing`, `department_needs_owner`. */
  removeMember(id: string, member: Pick<Member, 'kind' | 'name'>): void {
    const { departments } = this.#deps.store;
    departments.atomically(() => {
      if (!this.#record(id).members.some((one) => isSame(one, member))) {
        throw new BerthError('member_missing', `“${member.name}” is not a member.`);
      }
      this.#refuseLastOwner(id, member);
      departments.removeMember(id, member);
    });
    this.#changed();
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  /** The first who opens a database that is nobody's becomes its owner; root is it anyway. */
  #adoptPersonal(): void {
    const { store, access } = this.#deps;
    const { user, uid } = access.actor;
    if (uid === 0) return;
    store.departments.atomically(() => {
      const personal = store.departments.get(PERSONAL_DEPARTMENT);
      if (personal === null || personal.members.length > 0) return;
      const owner: Member = { kind: 'user', name: user, role: 'owner' };
      store.departments.setMember(PERSONAL_DEPARTMENT, owner);
    });
  }

  /** Tells when something is different from what was told last. */
  #changed(): void {
    const { access, hub } = this.#deps;
    access.forget();
    const departments = this.list();
    const told = JSON.stringify(departments);
    if (told === this.#told) return;
    this.#told = told;
    hub.emit({ type: 'departments.changed', departments });
  }

  #record(id: string): DepartmentRecord {
    const record = this.#deps.store.departments.get(id);
    if (record !== null) return record;
    throw new BerthError('department_missing', 'There is no such department.');
  }

  #facts(record: DepartmentRecord): Omit<Department, 'ownRole'> {
    return { ...record, usage: this.#deps.store.departments.usage(record.id) };
  }

  #shown(id: string): Department {
    const record = this.#record(id);
    const ownRole = roleOf(record.members, this.#deps.access.actor) ?? 'viewer';
    return { ...this.#facts(record), ownRole };
  }

  /** Root can always help, so root is not held back. */
  #refuseLastOwner(id: string, member: Pick<Member, 'kind' | 'name'>): void {
    if (this.#deps.access.actor.uid === 0) return;
    const owners = this.#record(id).members.filter(({ role }) => role === 'owner');
    if (!owners.some((one) => isSame(one, member)) || owners.length > 1) return;
    throw new BerthError('department_needs_owner', `“${member.name}” is its only owner.`, {
      hint: 'Make somebody else an owner first.',
    });
  }
}

function isSame(a: Pick<Member, 'kind' | 'name'>, b: Pick<Member, 'kind' | 'name'>): boolean {
  return a.kind === b.kind && a.name === b.name;
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  const problem = nameProblem(trimmed);
  if (problem === null) return trimmed;
  throw new BerthError('department_invalid', problem.replace('A machine', 'A department'));
}
