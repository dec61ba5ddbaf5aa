import { describe, expect, it } from 'vitest';
import { NO_QUOTA } from '../../../src-main/core/domain/quota.ts';
import { thrownBy } from '../../contract/store/helpers/temp-store.ts';
import { personal } from '../../fakes/fake-departments.ts';
import { AccessBench } from './access-bench.ts';

describe('a department', () => {
  it('belongs to whoever makes it, begins without limits, and is told', () => {
    const bench = new AccessBench('owner', 'personal');
    const made = bench.departments.create({ name: '  Lab 2 ', quota: { machines: 3 } });
    expect(made).toMatchObject({
      name: 'Lab 2',
      members: [{ kind: 'user', name: 'ada', role: 'owner' }],
      quota: { ...NO_QUOTA, machines: 3 },
      usage: { machines: 0, vcpus: 0, memoryBytes: 0, diskBytes: 0, gpus: 0 },
      network: { kind: 'none' },
      ownRole: 'owner',
    });
    expect(bench.departments.list().map(({ id }) => id)).toEqual(['personal', made.id]);
    expect(bench.events.map(({ type }) => type)).toEqual(['departments.changed']);
  });

  it('needs a name of its own that can be read', () => {
    const { departments } = new AccessBench('owner', 'lab');
    expect(thrownBy(() => departments.create({ name: 'LAB' }))).toMatchObject({
      code: 'department_name_taken',
    });
    expect(thrownBy(() => departments.create({ name: ' ' }))).toMatchObject({
      code: 'department_invalid',
      message: expect.stringContaining('department'),
    });
    expect(thrownBy(() => departments.update('lab', { name: 'personal' }))).toMatchObject({
      code: 'department_name_taken',
    });
    expect(departments.update('lab', { name: 'Lab' }).name).toBe('Lab');
  });

  it('keeps what a change leaves out', () => {
    const { departments } = new AccessBench('owner', 'lab');
    departments.setQuota('lab', { vcpus: 8, gpus: 1 });
    departments.setQuota('lab', { vcpus: null, memoryBytes: 1024 });
    const changed = departments.update('lab', { description: 'For courses.' });
    expect(changed).toMatchObject({
      name: 'lab',
      description: 'For courses.',
      quota: { ...NO_QUOTA, gpus: 1, memoryBytes: 1024 },
    });
  });

  it('is not deleted while it has machines, nor when it is Personal', () => {
    const bench = new AccessBench('owner', 'lab');
    expect(thrownBy(() => bench.departments.remove('lab'))).toMatchObject({
      code: 'department_in_use',
    });
    bench.store.machines.remove('lab-machine');
    bench.departments.remove('lab');
    expect(bench.departments.list()).toEqual([]);
    expect(thrownBy(() => bench.departments.remove('personal'))).toMatchObject({
      code: 'department_personal',
    });
    expect(thrownBy(() => bench.departments.remove('lab'))).toMatchObject({
      code: 'department_missing',
    });
  });

  it('has only members that this host knows', async () => {
    const { departments, store } = new AccessBench('owner', 'lab');
    await departments.setMember('lab', { kind: 'group', name: 'staff', role: 'operator' });
    for (const kind of ['user', 'group'] as const) {
      await expect(
        departments.setMember('lab', { kind, name: 'nobody-knows', role: 'viewer' }),
      ).rejects.toMatchObject({ code: 'member_unknown', message: expect.stringContaining(kind) });
    }
    const names = store.departments.get('lab')?.members.map(({ name }) => name);
    expect(names).toEqual(['staff', 'ada', 'boss']);
    expect(
      thrownBy(() => departments.removeMember('lab', { kind: 'user', name: 'staff' })),
    ).toMatchObject({ code: 'member_missing' });
  });

  it('keeps an owner, except at root’s hands', async () => {
    const bench = new AccessBench('owner', 'lab');
    const { departments } = bench;
    departments.removeMember('lab', { kind: 'user', name: 'boss' });
    const ada = { kind: 'user', name: 'ada' } as const;
    expect(thrownBy(() => departments.removeMember('lab', ada))).toMatchObject({
      code: 'department_needs_owner',
    });
    await expect(departments.setMember('lab', { ...ada, role: 'manager' })).rejects.toMatchObject({
      code: 'department_needs_owner',
    });
    const root = new AccessBench('owner', 'lab', { uid: 0, user: 'root' });
    root.departments.removeMember('lab', { kind: 'user', name: 'boss' });
    root.departments.removeMember('lab', ada);
    expect(root.store.departments.get('lab')?.members).toEqual([]);
  });

  it('counts what its machines hold, and tells when that changes', () => {
    const bench = new AccessBench('viewer', 'lab');
    const usage = () => bench.departments.list()[0]?.usage;
    expect(usage()).toMatchObject({ machines: 1, vcpus: 1, memoryBytes: 256 * 1024 ** 2 });
    bench.store.machines.remove('lab-machine');
    bench.hub.emit({
      type: 'vms.removed',
      creationId: null,
      machineId: 'lab-machine',
      name: 'one',
      departmentId: 'lab',
      stage: null,
    });
    expect(usage()).toMatchObject({ machines: 0, vcpus: 0, memoryBytes: 0 });
    expect(bench.events.map(({ type }) => type)).toEqual(['vms.removed', 'departments.changed']);
  });
});

describe('Personal', () => {
  it('becomes the property of the first who opens it, once, and never of root', () => {
    const bench = new AccessBench('viewer', 'lab');
    bench.database.departments.set('personal', personal());
    const open = (user: string, uid: number) =>
      new AccessBench(null, 'lab', { user, uid }).reopen(bench.database);
    open('root', 0);
    expect(bench.store.departments.get('personal')?.members).toEqual([]);
    open('ada', 1000);
    open('bob', 1001);
    expect(bench.store.departments.get('personal')?.members).toEqual([
      { kind: 'user', name: 'ada', role: 'owner' },
    ]);
  });
});
