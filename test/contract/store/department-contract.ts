import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DepartmentRecord } from '../../../src-main/core/ports/department-repository.ts';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { personal } from '../../fakes/fake-departments.ts';
import { machine, reservation } from './helpers/samples.ts';
import { thrownBy } from './helpers/temp-store.ts';
import type { StoreUnderTest } from './store-contract.ts';

const lab = (change: Partial<DepartmentRecord> = {}): DepartmentRecord => ({
  id: 'd1',
  name: 'Lab',
  description: 'For “courses”.',
  members: [
    { kind: 'group', name: 'students', role: 'operator' },
    { kind: 'user', name: 'ada', role: 'owner' },
  ],
  quota: { machines: 30, vcpus: 60, memoryBytes: 64 * 1024 ** 3, diskBytes: null, gpus: 0 },
  network: { kind: 'own', mode: 'nat', network: 'berth-lab', subnet: '10.9.8.0/24' },
  filter: { preset: 'internet-only', rules: [] },
  createdAt: 7,
  ...change,
});

/** What every Store promises of departments. */
export function describeDepartmentContract(name: string, open: () => StoreUnderTest): void {
  describe(`departments of the Store contract on ${name}`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    beforeEach(() => {
      subject = open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    it('begin with Personal, which is nobody’s yet and has no limits', () => {
      expect(store.departments.list()).toEqual([personal()]);
    });

    it('keep every field, Personal first, the others by name', () => {
      store.departments.insert(lab());
      store.departments.insert(lab({ id: 'd2', name: 'archive', members: [] }));
      expect(store.departments.get('d1')).toEqual(lab());
      expect(store.departments.list().map(({ id }) => id)).toEqual(['personal', 'd2', 'd1']);
      expect(store.departments.get('d3')).toBeNull();
    });

    it.each([
      ['the same name', 'Lab'],
      ['another case', 'LAB'],
      ['Personal’s', 'personal'],
    ])('refuse %s', (_what, taken) => {
      store.departments.insert(lab());
      const other = lab({ id: 'd2', name: 'Other' });
      store.departments.insert(other);
      const expected = { code: 'department_name_taken' };
      expect(
        thrownBy(() => store.departments.insert(lab({ id: 'd3', name: taken }))),
      ).toMatchObject(expected);
      expect(
        thrownBy(() => store.departments.update('d2', { name: taken, description: 'x' })),
      ).toMatchObject(expected);
      expect(store.departments.get('d2')).toEqual(other);
      expect(store.departments.get('d3')).toBeNull();
    });

    it('change what is named and keep the rest', () => {
      store.departments.insert(lab());
      store.departments.update('d1', { name: 'lab', network: { kind: 'none' } });
      expect(store.departments.get('d1')).toEqual(lab({ name: 'lab', network: { kind: 'none' } }));
      const quota = { machines: null, vcpus: 1, memoryBytes: null, diskBytes: 5, gpus: null };
      const filter = { preset: 'block-all', rules: [] } as const;
      store.departments.update('d1', { quota, description: '', filter: { ...filter, rules: [] } });
      expect(store.departments.get('d1')).toMatchObject({ name: 'lab', quota, description: '' });
    });

    it('have each member once, with the role given last', () => {
      store.departments.insert(lab());
      store.departments.setMember('d1', { kind: 'user', name: 'students', role: 'viewer' });
      store.departments.setMember('d1', { kind: 'user', name: 'students', role: 'manager' });
      store.departments.removeMember('d1', { kind: 'group', name: 'ada' });
      store.departments.removeMember('d1', { kind: 'group', name: 'students' });
      expect(store.departments.get('d1')?.members).toEqual([
        { kind: 'user', name: 'ada', role: 'owner' },
        { kind: 'user', name: 'students', role: 'manager' },
      ]);
    });

    it('use what their machines hold, whatever others do', () => {
      store.departments.insert(lab());
      const size = { vcpus: 3, memoryBytes: 1000, diskBytes: 50 };
      for (const n of [1, 2]) {
        const record = machine(n, { departmentId: 'd1', ...size });
        store.reservations.reserve(record, reservation(n), () => undefined);
      }
      store.reservations.reserve(machine(3), reservation(3), () => undefined);
      store.reservations.release('c1');
      store.gpuClaims.claim('m1', [
        { address: '0000:01:00.0', slot: '0000:01:00' },
        { address: '0000:01:00.1', slot: '0000:01:00' },
      ]);
      store.machines.update('m2', { vcpus: 1, memoryBytes: 500, diskBytes: 60 });
      expect(store.departments.usage('d1')).toEqual({
        machines: 2,
        vcpus: 4,
        memoryBytes: 1500,
        diskBytes: 110,
        gpus: 1,
      });
      expect(store.departments.usage('personal').machines).toBe(1);
      expect(store.departments.usage('d9').machines).toBe(0);
    });

    it('stay while they have machines', () => {
      store.departments.insert(lab());
      const record = machine(1, { departmentId: 'd1' });
      store.reservations.reserve(record, reservation(1), () => undefined);
      expect(thrownBy(() => store.departments.remove('d1'))).toMatchObject({
        code: 'department_in_use',
      });
      expect(store.departments.get('d1')).toEqual(lab());
      store.machines.remove('m1');
      store.departments.remove('d1');
      expect(store.departments.get('d1')).toBeNull();
      store.departments.insert(lab({ members: [] }));
      expect(store.departments.get('d1')?.members).toEqual([]);
    });

    it('are read and written inside a reservation’s transaction', () => {
      store.departments.insert(lab());
      let used = -1;
      const refusal = new Error('over the limit');
      const error = thrownBy(() =>
        store.reservations.reserve(machine(1, { departmentId: 'd1' }), reservation(1), () => {
          used = store.departments.usage('d1').machines;
          throw refusal;
        }),
      );
      expect([used, String(error)]).toEqual([0, String(refusal)]);
      expect(store.departments.usage('d1').machines).toBe(0);
    });
  });
}
