import { describe, expect, it } from 'vitest';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { machine as row } from '../../renderer/fake/fixtures.ts';
import { AccessBench } from './access-bench.ts';

const removed = (departmentId: string): BerthEvent => ({
  type: 'vms.removed',
  revision: 1,
  at: 0,
  creationId: null,
  machineId: 'm',
  name: 'm',
  departmentId,
  stage: null,
});

describe('events', () => {
  it('reach viewers of the department and nobody else', () => {
    for (const role of [null, 'viewer', 'owner'] as const) {
      const { access } = new AccessBench(role, 'lab');
      const event = removed('lab');
      expect(access.filter(event)).toBe(role === null ? null : event);
      expect(access.filter(removed('personal'))).toBeNull();
    }
  });

  it('of an unknown department go where its things are judged', () => {
    expect(new AccessBench('viewer', 'lab').access.filter(removed('gone'))).toBeNull();
    const event = removed('gone');
    expect(new AccessBench('viewer', 'personal').access.filter(event)).toBe(event);
  });

  it('that list machines hold only those that may be seen', () => {
    const { access } = new AccessBench('viewer', 'lab');
    const machines = [row(1, { departmentId: 'lab' }), row(2, { departmentId: 'personal' })];
    const event: BerthEvent = { type: 'machines.reset', revision: 1, at: 0, machines };
    expect(access.filter(event)).toEqual({ ...event, machines: [machines[0]] });
  });

  it('about the host reach everybody', () => {
    const event: BerthEvent = { type: 'media.removed', revision: 1, at: 0, mediaId: 'i1' };
    expect(new AccessBench(null).access.filter(event)).toBe(event);
  });

  it('follow a change of members, told once with what is left to see', () => {
    const bench = new AccessBench('owner');
    expect(bench.access.canSee('lab')).toBe(true);
    bench.departments.removeMember('lab', { kind: 'user', name: 'ada' });
    expect(bench.access.canSee('lab')).toBe(false);
    expect(bench.events).toMatchObject([{ type: 'departments.changed', departments: [] }]);
  });

  it('follow what another process changes', async () => {
    const bench = new AccessBench(null);
    expect(bench.access.canSee('lab')).toBe(false);
    const other = new FakeStore(bench.database);
    other.departments.setMember('lab', { kind: 'user', name: 'ada', role: 'viewer' });
    await Promise.resolve();
    expect(bench.access.canSee('lab')).toBe(true);
    expect(bench.events).toMatchObject([
      { type: 'departments.changed', departments: [{ id: 'lab', ownRole: 'viewer' }] },
    ]);
  });
});
