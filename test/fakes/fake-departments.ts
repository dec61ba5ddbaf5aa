import type { Usage } from '../../src-contract/model/department.ts';
import { NO_QUOTA } from '../../src-main/core/domain/quota.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import type {
  DepartmentRecord,
  DepartmentRepository,
} from '../../src-main/core/ports/department-repository.ts';
import type { FakeDatabase } from './fake-store.ts';

/** As the migrations make it. */
export const personal = (change: Partial<DepartmentRecord> = {}): DepartmentRecord => ({
  id: 'personal',
  name: 'Personal',
  description: 'Machines of your own.',
  members: [],
  quota: NO_QUOTA,
  network: { kind: 'none' },
  filter: { preset: 'allow-all', rules: [] },
  createdAt: 0,
  ...change,
});

interface Handle {
  database: FakeDatabase;
  read: <T>(value: T) => T;
  write: <T>(method: string, act: () => T) => T;
}

const key = (name: string): string => name.normalize('NFC').toLowerCase();
const copy = structuredClone;

export function fakeDepartments({ database, read, write }: Handle): DepartmentRepository {
  const { departments } = database;
  const refuseTaken = (name: string, id: string) => {
    const holder = [...departments.values()].find(
      (other) => other.id !== id && key(other.name) === key(name),
    );
    if (holder) throw new BerthError('department_name_taken', `There is already ${holder.name}`);
  };
  const change = (id: string, alter: (record: DepartmentRecord) => DepartmentRecord) => {
    const record = departments.get(id);
    if (record) departments.set(id, alter(record));
  };
  const usage = (id: string) => usageOf(database, id);
  return {
    list: () => read([...departments.values()].sort(byName)),
    get: (id) => read(departments.get(id) ?? null),
    insert: (record) =>
      write('departments.insert', () => {
        refuseTaken(record.name, record.id);
        departments.set(record.id, copy(record));
      }),
    update: (id, fields) =>
      write('departments.update', () => {
        if (fields.name !== undefined) refuseTaken(fields.name, id);
        change(id, (record) => ({ ...record, ...copy(fields) }));
      }),
    remove: (id) =>
      write('departments.remove', () => {
        if (usage(id).machines > 0) throw new BerthError('department_in_use', 'It has machines.');
        departments.delete(id);
      }),
    setMember: (id, member) =>
      write('departments.setMember', () =>
        change(id, (record) => ({
          ...record,
          members: [...without(record, member), copy(member)].sort(byKindAndName),
        })),
      ),
    removeMember: (id, member) =>
      write('departments.removeMember', () =>
        change(id, (record) => ({ ...record, members: without(record, member) })),
      ),
    usage: (id) => read(usage(id)),
    atomically: (body) => body(),
  };
}

type Named = { kind: string; name: string };

const without = ({ members }: DepartmentRecord, { kind, name }: Named) =>
  members.filter((member) => member.kind !== kind || member.name !== name);

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const byKindAndName = (a: Named, b: Named) => compare(a.kind, b.kind) || compare(a.name, b.name);

function byName(a: DepartmentRecord, b: DepartmentRecord): number {
  const rank = ({ id }: DepartmentRecord) => Number(id !== 'personal');
  return rank(a) - rank(b) || compare(key(a.name), key(b.name));
}

function slotsOf(database: FakeDatabase, machineIds: ReadonlySet<string>): Set<string> {
  const claims = [...database.gpuClaims.values()];
  return new Set(
    claims.filter(({ machineId }) => machineIds.has(machineId)).map(({ slot }) => slot),
  );
}

function usageOf(database: FakeDatabase, id: string): Usage {
  const machines = [...database.machines.values()].filter((one) => one.departmentId === id);
  const sum = (pick: (one: (typeof machines)[number]) => number) =>
    machines.reduce((total, one) => total + pick(one), 0);
  return {
    machines: machines.length,
    vcpus: sum((one) => one.vcpus),
    memoryBytes: sum((one) => one.memoryBytes),
    diskBytes: sum((one) => one.diskBytes),
    gpus: slotsOf(database, new Set(machines.map((one) => one.id))).size,
  };
}
