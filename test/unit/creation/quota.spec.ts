import { describe, expect, it } from 'vitest';
import { NO_QUOTA } from '../../../src-main/core/domain/quota.ts';
import { personal } from '../../fakes/fake-departments.ts';
import { GIB } from '../../fakes/fake-host.ts';
import { request, TestBench } from './test-bench.ts';

const limit = (bench: TestBench, quota: Partial<typeof NO_QUOTA>, id = 'personal') =>
  bench.database.departments.set(id, personal({ id, name: id, quota: { ...NO_QUOTA, ...quota } }));

describe('a quota', () => {
  it('stops what would go over it, before anything is claimed', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    for (const [quota, text] of [
      [{ machines: 0 }, '0 machines'],
      [{ vcpus: 1 }, '1 CPU'],
      [{ memoryBytes: GIB }, '1 GiB of memory'],
      [{ diskBytes: 19 * GIB }, '19 GiB of disk'],
    ] as const) {
      limit(bench, quota);
      await expect(berth.service.start(request('blank'))).rejects.toMatchObject({
        code: 'quota_exceeded',
        message: expect.stringContaining(text),
      });
    }
    expect(bench.database.machines.size).toBe(0);
    expect(berth.service.list()).toEqual([]);
    expect(bench.leftovers()).toEqual([]);
  });

  it('counts machines that are being made, and gives back what an undone one held', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    limit(bench, { vcpus: 4 });
    const [one] = await Promise.all([
      berth.service.start(request('blank', 'one')),
      berth.service.start(request('blank', 'two')),
    ]);
    expect(bench.database.machines.get(one.machineId)).toMatchObject({
      vcpus: 2,
      memoryBytes: 2 * GIB,
      diskBytes: 20 * GIB,
      createdBy: 'alice',
    });
    await expect(berth.service.start(request('blank', 'three'))).rejects.toMatchObject({
      code: 'quota_exceeded',
    });
    await berth.service.cancel(one.creationId);
    const { state } = await berth.until(one.creationId, 'ready');
    expect(state).toBe('cancelled');
    await expect(berth.service.start(request('blank', 'three'))).resolves.toBeDefined();
  });

  it('is counted by department', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    limit(bench, { machines: 1 });
    limit(bench, { machines: 1 }, 'lab');
    await berth.service.start(request('blank', 'one'));
    await berth.service.start(request('blank', 'two', { departmentId: 'lab' }));
    for (const departmentId of ['personal', 'lab']) {
      await expect(
        berth.service.start(request('blank', 'three', { departmentId })),
      ).rejects.toMatchObject({
        code: 'quota_exceeded',
        message: expect.stringContaining(departmentId),
      });
    }
  });

  it('admits exactly so many of many that come at once from two processes', async () => {
    const bench = new TestBench();
    const [left, right] = [bench.process(), bench.process()];
    limit(bench, { machines: 7 });
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? left : right).service.start(request('tryout', `m${index}`)),
      ),
    );
    const codes = answers.map((answer) =>
      answer.status === 'fulfilled' ? 'started' : answer.reason.code,
    );
    expect(codes.filter((code) => code === 'started')).toHaveLength(7);
    expect(codes.filter((code) => code === 'quota_exceeded')).toHaveLength(5);
    expect(bench.database.machines.size).toBe(7);
  });

  it('is on the receipt with what will be left, and as a finding when it is too small', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    limit(bench, { machines: 3, vcpus: 1 });
    const plan = await berth.service.plan(request('blank'));
    expect(plan.quota).toEqual({
      department: 'personal',
      limits: { ...NO_QUOTA, machines: 3, vcpus: 1 },
      leftAfter: { ...NO_QUOTA, machines: 2, vcpus: 0 },
    });
    expect(plan.findings).toContainEqual(
      expect.objectContaining({ code: 'quota_exceeded', field: 'overrides.vcpus' }),
    );
  });

  it('counts for all that are asked for at once, and says how many it has room for', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    limit(bench, { machines: 3, memoryBytes: 100 * GIB });
    const plan = await berth.service.plan(request('blank'), undefined, 3);
    expect(plan.quota?.leftAfter.machines).toBe(0);
    expect(plan.findings.map(({ code }) => code)).not.toContain('quota_exceeded');
    const more = await berth.service.plan(request('blank'), undefined, 10);
    expect(more.findings).toContainEqual(
      expect.objectContaining({
        code: 'quota_exceeded',
        fix: { action: 'set-field', label: 'Make 3', field: 'count', value: 3 },
      }),
    );
    limit(bench, { machines: 0 });
    const none = await berth.service.plan(request('blank'), undefined, 10);
    expect(none.findings.find(({ code }) => code === 'quota_exceeded')?.fix).toBeUndefined();
  });

  it('of a department that is not there stops the creation', async () => {
    const bench = new TestBench();
    const berth = bench.process();
    const wish = request('blank', 'one', { departmentId: 'gone' });
    await expect(berth.service.start(wish)).rejects.toMatchObject({ code: 'department_missing' });
    const { findings } = await berth.service.plan(wish);
    expect(findings.map(({ code }) => code)).toContain('department_missing');
  });
});
