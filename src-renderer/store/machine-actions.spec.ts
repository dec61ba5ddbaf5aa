import { describe, expect, it } from 'vitest';
import type { Role } from '../../src-contract/model/department.ts';
import { department, machine } from '../../test/renderer/fake/fixtures.ts';
import { allowedActions, machineActions, primaryAction } from './machine-actions.ts';

describe('machineActions', () => {
  it('offers what the power state allows', () => {
    expect(machineActions(machine(1, { power: 'off' }))).toEqual(['start', 'delete']);
    expect(machineActions(machine(1))).toContain('reboot');
    expect(machineActions(machine(1, { power: 'paused' }))).not.toContain('pause');
  });

  it('never deletes other tools’ machines and opens no screen that is not there', () => {
    const actions = machineActions(machine(1, { origin: 'external', graphics: 'none' }));
    expect(actions).not.toContain('delete');
    expect(actions).not.toContain('console');
  });

  it('puts the likely one first', () => {
    const primary = (...made: Parameters<typeof machine>) =>
      primaryAction(machineActions(machine(...made)));
    expect(primary(1)).toBe('console');
    expect(primary(1, { graphics: 'none' })).toBe('stop');
    expect(primary(1, { power: 'off' })).toBe('start');
    expect(primary(1, { power: 'starting', graphics: 'none' })).toBeNull();
  });

  it('offers what the role in the machine’s department allows', () => {
    const as = (ownRole: Role) =>
      allowedActions(
        { departments: new Map([['lab', department({ id: 'lab', ownRole })]]) },
        machine(1, { departmentId: 'lab', power: 'off' }),
      );
    expect(as('viewer')).toEqual([]);
    expect(as('operator')).toEqual(['start']);
    expect(as('manager')).toEqual(['start', 'delete']);
  });
});
