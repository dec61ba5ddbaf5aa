import { describe, expect, it } from 'vitest';
import { BerthError } from '../../../src-main/core/errors.ts';
import { AccessBench } from './access-bench.ts';

describe('a command', () => {
  it('is written down with who, what, where and how it ended', async () => {
    const bench = new AccessBench('manager');
    const inputs = { departmentId: 'lab', templateId: 'tryout', name: 'one', password: 'secret' };
    await bench.commands.run('creations.start', inputs, () => ({
      creationId: 'c9',
      machineId: 'm9',
    }));
    expect(bench.audited).toEqual([
      {
        actor: 'ada',
        command: 'creations.start',
        departmentId: 'lab',
        subject: 'tryout',
        creationId: 'c9',
        inputs,
        outcome: 'done',
        errorCode: null,
      },
    ]);
  });

  it('that fails is written down with its code, and fails as it did', async () => {
    const bench = new AccessBench('operator');
    const failure = new BerthError('machine_running', 'It runs already.');
    const answer = bench.commands.run('machines.start', { machineId: 'lab-machine' }, () => {
      throw failure;
    });
    await expect(answer).rejects.toBe(failure);
    expect(bench.audited).toMatchObject([
      {
        outcome: 'failed',
        errorCode: 'machine_running',
        subject: 'lab-machine',
        departmentId: 'lab',
      },
    ]);
  });

  it('about something of another department is forbidden, not missing', async () => {
    const bench = new AccessBench('owner', 'personal');
    for (const [command, inputs] of [
      ['machines.details', { machineId: 'lab-machine' }],
      ['creations.get', { creationId: 'lab-creation' }],
      ['departments.update', { departmentId: 'lab' }],
    ] as const) {
      const answer = bench.commands.run(command, inputs, () => 'seen');
      await expect(answer).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('lab'),
        hint: expect.stringContaining('not a member'),
      });
    }
  });

  it('about something that is not there says so itself', async () => {
    const bench = new AccessBench(null);
    const missing = new BerthError('machine_missing', 'gone');
    const answer = bench.commands.run('machines.start', { machineId: 'nope' }, () => {
      throw missing;
    });
    await expect(answer).rejects.toBe(missing);
    await expect(
      bench.commands.run('creations.start', { departmentId: 'nope' }, () => 1),
    ).rejects.toMatchObject({ code: 'department_missing' });
  });

  it('about a department that no longer exists is judged in Personal', async () => {
    const bench = new AccessBench('owner', 'personal');
    bench.database.departments.delete('lab');
    await expect(
      bench.commands.run('machines.delete', { machineId: 'lab-machine' }, () => 'deleted'),
    ).resolves.toBe('deleted');
  });

  it('that moves a creation to another department needs the role in both', async () => {
    const retry = { creationId: 'lab-creation', request: { departmentId: 'personal' } };
    for (const home of ['lab', 'personal'] as const) {
      const bench = new AccessBench('manager', home);
      await expect(
        bench.commands.run('creations.retry', retry, () => 'again'),
      ).rejects.toMatchObject({ code: 'forbidden' });
    }
    const bench = new AccessBench('manager', 'lab');
    bench.store.departments.setMember('personal', { kind: 'user', name: 'ada', role: 'manager' });
    await expect(bench.commands.run('creations.retry', retry, () => 'again')).resolves.toBe(
      'again',
    );
  });

  it('obeys a change of roles at once', async () => {
    const bench = new AccessBench('owner');
    const stop = () => bench.commands.run('machines.stop', { machineId: 'lab-machine' }, () => 1);
    await expect(stop()).resolves.toBe(1);
    bench.store.departments.setMember('lab', { kind: 'user', name: 'ada', role: 'viewer' });
    await expect(stop()).rejects.toMatchObject({
      code: 'forbidden',
      hint: expect.stringContaining('only the role viewer'),
    });
  });
});
