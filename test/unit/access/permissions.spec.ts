import { describe, expect, it } from 'vitest';
import { invokeChannels } from '../../../src-contract/channels.ts';
import { ROLES, type Role } from '../../../src-contract/model/department.ts';
import {
  COMMANDS,
  type CommandName,
  isAllowed,
  permissionOf,
} from '../../../src-contract/model/permissions.ts';
import { roleOf } from '../../../src-main/core/domain/permissions.ts';
import { AccessBench } from './access-bench.ts';

const commands = Object.keys(COMMANDS) as CommandName[];
const cases = commands.flatMap((command) =>
  [...ROLES, null].map((role) => [command, role] as [CommandName, Role | null]),
);

/** Inputs that name the thing of the department `lab` which a command of each kind is about. */
const INPUTS = {
  machine: { machineId: 'lab-machine' },
  creation: { creationId: 'lab-creation' },
  department: { departmentId: 'lab' },
  owner: { owner: { kind: 'machine', id: 'lab-machine' } },
  adoption: { machineId: 'lab-machine', departmentId: 'lab' },
  scope: { departmentId: 'lab' },
  host: {},
  nobody: {},
} as const;

describe('the table of commands', () => {
  it('has a row for every channel', () => {
    expect(commands).toEqual(expect.arrayContaining(Object.keys(invokeChannels)));
  });

  it.each(cases)(
    '%s as %s is carried out or forbidden, never anything else',
    async (command, role) => {
      const { role: least, about } = permissionOf(command);
      const bench = new AccessBench(role, about === 'host' ? 'personal' : 'lab');
      let ran = false;
      const answer = bench.commands.run(command, INPUTS[about], () => {
        ran = true;
        return 'the answer';
      });
      const allowed = about === 'nobody' || isAllowed(role, least);
      if (allowed) await expect(answer).resolves.toBe('the answer');
      else
        await expect(answer).rejects.toMatchObject({
          code: 'forbidden',
          hint: expect.stringContaining(least),
        });
      expect(ran).toBe(allowed);
      expect(bench.outcomes()).toEqual(
        allowed ? (permissionOf(command).audited ? ['done'] : []) : ['forbidden'],
      );
    },
  );

  it.each(commands)('%s is open to root, whatever the members are', async (command) => {
    const bench = new AccessBench(null, 'lab', { uid: 0, user: 'root' });
    const inputs = INPUTS[permissionOf(command).about];
    await expect(bench.commands.run(command, inputs, () => 1)).resolves.toBe(1);
  });

  it('lets each role do what the ones before it may', () => {
    for (const command of commands) {
      const may = ROLES.map((role) => isAllowed(role, permissionOf(command).role));
      expect(may).toEqual([...may].sort((a, b) => Number(a) - Number(b)));
      expect(may.at(-1)).toBe(true);
    }
  });
});

describe('a role', () => {
  const actor = { user: 'ada', uid: 1000, groups: ['ada', 'lab'] };

  it('is the greatest of the person’s own and those of the groups', () => {
    for (const own of ROLES) {
      for (const group of ROLES) {
        const members = [
          { kind: 'user', name: 'ada', role: own },
          { kind: 'group', name: 'lab', role: group },
          { kind: 'group', name: 'others', role: 'owner' },
        ] as const;
        const greatest = ROLES.indexOf(own) > ROLES.indexOf(group) ? own : group;
        expect(roleOf(members, actor)).toBe(greatest);
      }
    }
  });

  it('does not come from a user called like a group, or the other way round', () => {
    expect(roleOf([{ kind: 'user', name: 'lab', role: 'owner' }], actor)).toBeNull();
    expect(roleOf([{ kind: 'group', name: 'root', role: 'owner' }], actor)).toBeNull();
    expect(roleOf([], actor)).toBeNull();
  });
});
