import type { Creation } from '../../../src-contract/model/creation.ts';
import type { Member, Role } from '../../../src-contract/model/department.ts';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { Access } from '../../../src-main/core/lifecycle/access.ts';
import { Commands } from '../../../src-main/core/lifecycle/commands.ts';
import { DepartmentService } from '../../../src-main/core/lifecycle/departments.ts';
import { Hub } from '../../../src-main/core/lifecycle/hub.ts';
import type { AuditDraft } from '../../../src-main/core/ports/audit-repository.ts';
import { creation, machine } from '../../contract/store/helpers/samples.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { personal } from '../../fakes/fake-departments.ts';
import { FakeHost } from '../../fakes/fake-host.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeIds, FakeLog, FakeSystem } from '../../fakes/fake-system.ts';

const NO_ROWS = { peek: () => undefined };

/** Personal and the department `lab`, each with a machine and a creation; `ada` has a role in one of them. */
export class AccessBench {
  readonly database = new FakeDatabase();
  readonly store = new FakeStore(this.database);
  readonly clock = new FakeClock();
  readonly system = new FakeSystem(new FakeHost(), 1, new Set());
  readonly hub = new Hub(this.clock, new FakeLog());
  readonly events: BerthEvent[] = [];
  readonly audited: AuditDraft[] = [];
  readonly access: Access;
  readonly commands: Commands;
  readonly departments: DepartmentService;

  constructor(
    role: Role | null,
    departmentId: 'personal' | 'lab' = 'lab',
    { uid = 1000, user = 'ada' } = {},
  ) {
    Object.assign(this.system, { uid, user, groups: [user] });
    this.system.accounts.add('user ada');
    const member: Member[] = role === null ? [] : [{ kind: 'user', name: 'ada', role }];
    const boss: Member = { kind: 'user', name: 'boss', role: 'owner' };
    for (const id of ['personal', 'lab'] as const) {
      const members = [boss, ...(id === departmentId ? member : [])];
      this.database.departments.set(id, personal({ id, name: id, members }));
      this.#addMachine(id);
    }
    this.access = new Access({ store: this.store, system: this.system, library: NO_ROWS });
    const audit = { record: (draft: AuditDraft) => void this.audited.push(draft) };
    this.commands = new Commands({ access: this.access, store: this.store, audit });
    this.departments = new DepartmentService({
      store: this.store,
      access: this.access,
      system: this.system,
      clock: this.clock,
      ids: new FakeIds(),
      hub: this.hub,
    });
    this.hub.subscribe((event) => this.events.push(event));
  }

  /** The same person opens another database. */
  reopen(database: FakeDatabase): DepartmentService {
    const store = new FakeStore(database);
    const access = new Access({ store, system: this.system, library: NO_ROWS });
    const { system, clock, hub } = this;
    return new DepartmentService({ store, access, system, clock, ids: new FakeIds(), hub });
  }

  outcomes(): string[] {
    return this.audited.map(({ outcome }) => outcome);
  }

  #addMachine(departmentId: string): void {
    const ids = { machineId: `${departmentId}-machine`, id: `${departmentId}-creation` };
    this.database.machines.set(
      ids.machineId,
      machine(1, { id: ids.machineId, departmentId, creationId: ids.id }),
    );
    const made: Creation = creation(1, { ...ids, departmentId, state: 'completed' });
    this.store.creations.insert({ creation: made, owner: this.system.self(), spec: null }, null);
  }
}
