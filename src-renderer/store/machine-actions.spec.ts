import { describe, expect, it } from 'vitest';
import { machine } from '../../test/renderer/fake/fixtures.ts';
import { machineActions, primaryAction } from './machine-actions.ts';

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
    expect(primaryAction(machine(1))).toBe('console');
    expect(primaryAction(machine(1, { graphics: 'none' }))).toBe('stop');
    expect(primaryAction(machine(1, { power: 'off' }))).toBe('start');
    expect(primaryAction(machine(1, { power: 'starting', graphics: 'none' }))).toBeNull();
  });
});
