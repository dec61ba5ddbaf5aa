import type { Department, Quota } from '../../src-contract/model/department.ts';
import {
  parseAccount,
  parseMember,
  parseNetwork,
  parsePreset,
  parseQuota,
} from './department-options.ts';
import { findDepartment } from './find-department.ts';
import { EXIT, type GlobalOptions, type Session, withBerth } from './session.ts';
import { formatSize } from './sizes.ts';

export interface DepartmentOptions extends GlobalOptions {
  name?: string;
  description?: string;
  quota?: string;
  network?: string;
  filter?: string;
}

export interface MemberOptions extends GlobalOptions {
  set?: string[];
  remove?: string[];
}

export function listDepartments(options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async ({ call, out }) => {
    const departments = await call('departments.list', undefined);
    for (const department of departments) out.record(toRecord(department));
    out.table(
      ['NAME', 'YOU ARE', 'MACHINES', 'CPUS', 'MEMORY', 'DISK', 'GPUS', 'NETWORK', 'FILTER'],
      departments.map((d) => [
        d.name,
        d.ownRole,
        ofLimit(d, 'machines'),
        ofLimit(d, 'vcpus'),
        ofLimit(d, 'memoryBytes'),
        ofLimit(d, 'diskBytes'),
        ofLimit(d, 'gpus'),
        networkText(d),
        d.filter.preset,
      ]),
    );
    return EXIT.done;
  });
}

export function showDepartment(ref: string, options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const department = await session.call('departments.get', { departmentId: idOf(session, ref) });
    print(session, department);
    return EXIT.done;
  });
}

export function createDepartment(name: string, options: DepartmentOptions): Promise<number> {
  return withBerth(options, { connection: 'optional' }, async ({ call, out }) => {
    const department = await call('departments.create', {
      name,
      ...changeOf(options),
      ...(options.quota !== undefined && { quota: parseQuota(options.quota) }),
    });
    const record = { type: 'result', department: toRecord(department) };
    out.both(record, `The department ${department.name} is there: ${department.id}`);
    return EXIT.done;
  });
}

export function updateDepartment(ref: string, options: DepartmentOptions): Promise<number> {
  return withBerth(options, { connection: 'optional' }, async (session) => {
    const { call, out } = session;
    const departmentId = idOf(session, ref);
    const quota = options.quota === undefined ? undefined : parseQuota(options.quota);
    const { name } = options;
    const { filter } = await call('departments.get', { departmentId });
    const change = { ...changeOf(options, filter.rules), ...(name !== undefined && { name }) };
    if (quota !== undefined) await call('departments.quota', { departmentId, quota });
    if (Object.keys(change).length > 0) await call('departments.update', { departmentId, change });
    const department = await call('departments.get', { departmentId });
    const record = { type: 'result', department: toRecord(department) };
    out.both(record, `${department.name} is changed.`);
    return EXIT.done;
  });
}

export function deleteDepartments(refs: string[], options: GlobalOptions): Promise<number> {
  return withBerth(options, { connection: 'optional' }, async (session) => {
    for (const ref of refs) {
      const { id, name } = find(session, ref);
      await session.call('departments.delete', { departmentId: id });
      const record = { type: 'result', department: { id, name, state: 'deleted' } };
      session.out.both(record, `The department ${name} is deleted.`);
    }
    return EXIT.done;
  });
}

export function departmentMembers(ref: string, options: MemberOptions): Promise<number> {
  return withBerth(options, { connection: 'none' }, async (session) => {
    const { call, out } = session;
    const departmentId = idOf(session, ref);
    const set = (options.set ?? []).map(parseMember);
    const removed = (options.remove ?? []).map(parseAccount);
    for (const member of set) await call('departments.setMember', { departmentId, member });
    for (const member of removed) await call('departments.removeMember', { departmentId, member });
    const changed = set.length + removed.length > 0;
    // Whoever has just left may not see the others any more.
    if (changed && !session.berth.access.canSee(departmentId)) return EXIT.done;
    const { members } = await call('departments.get', { departmentId });
    for (const member of members) {
      const { kind, name, role } = member;
      out.record({ id: `${kind}:${name}`, name, kind, state: role, role });
    }
    out.table(
      ['MEMBER', 'ROLE'],
      members.map(({ kind, name, role }) => [`${kind}:${name}`, role]),
    );
    return EXIT.done;
  });
}

function find({ berth }: Session, ref: string) {
  return findDepartment(berth.ports.store.departments.list(), ref);
}

const idOf = (session: Session, ref: string): string => find(session, ref).id;

function changeOf(
  { description, network, filter }: DepartmentOptions,
  rules: Department['filter']['rules'] = [],
) {
  return {
    ...(description !== undefined && { description }),
    ...(network !== undefined && { network: parseNetwork(network) }),
    ...(filter !== undefined && { filter: { preset: parsePreset(filter), rules } }),
  };
}

function toRecord(department: Department): object {
  return { ...department, state: department.ownRole };
}

function print({ out }: Session, department: Department): void {
  out.record(toRecord(department));
  out.text(`${department.name}: you are ${department.ownRole}`);
  out.text(`  id        ${department.id}`);
  if (department.description !== '') out.text(`  about     ${department.description}`);
  out.text(`  machines  ${ofLimit(department, 'machines')}`);
  out.text(`  CPUs      ${ofLimit(department, 'vcpus')}`);
  out.text(`  memory    ${ofLimit(department, 'memoryBytes')}`);
  out.text(`  disk      ${ofLimit(department, 'diskBytes')}`);
  out.text(`  GPUs      ${ofLimit(department, 'gpus')}`);
  out.text(`  network   ${networkText(department)}`);
  out.text(`  filter    ${department.filter.preset}, ${department.filter.rules.length} rules`);
  for (const { kind, name, role } of department.members) {
    out.text(`  ${role.padEnd(9)} ${kind} ${name}`);
  }
}

function ofLimit({ usage, quota }: Department, resource: keyof Quota): string {
  const text = (value: number) => (resource.endsWith('Bytes') ? formatSize(value) : String(value));
  const limit = quota[resource];
  return limit === null ? text(usage[resource]) : `${text(usage[resource])} of ${text(limit)}`;
}

function networkText({ network }: Department): string {
  if (network.kind === 'none') return '';
  if (network.kind === 'existing') return network.name;
  return network.network ?? network.mode;
}
