import { describe, expect, it } from 'vitest';
import { creation, machine, stages } from '../../test/renderer/fake/fixtures.ts';
import { creationProgress, machineBadge } from './labels.ts';

describe('machineBadge', () => {
  it('tells provisioning only while the machine runs', () => {
    expect(machineBadge(machine(1, { provisioning: 'stalled' })).label).toBe('Stalled');
    expect(machineBadge(machine(1, { provisioning: 'stalled', power: 'off' })).label).toBe('Off');
    expect(machineBadge(machine(1, { deleteFailed: true })).tone).toBe('bad');
  });
});

describe('creationProgress', () => {
  it('counts finished stages and the part of the running one', () => {
    const half = creation({ stages: stages('storage', 'running', { progress: 0.5 }) });
    expect(creationProgress(half)).toBeCloseTo(5.5 / 12);
    expect(creationProgress(creation({ state: 'queued' }))).toBeNull();
  });

  it('leaves skipped stages out', () => {
    const [first] = stages('validate', 'done');
    const skipped = stages('ready', 'skipped').slice(-1);
    expect(creationProgress(creation({ stages: first ? [first, ...skipped] : [] }))).toBe(1);
  });
});
