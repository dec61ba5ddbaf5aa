import { expect } from 'vitest';
import type { Creation } from '../../../src-contract/model/creation.ts';
import type { FakeCall } from '../../fakes/fake-hypervisor.ts';
import type { TestBench, TestProcess } from './test-bench.ts';

/** Does something once, when the call is reached. */
export function at(
  berth: Pick<TestProcess, 'hypervisor'>,
  { method, subject }: { method: string; subject?: string },
  phase: FakeCall['phase'],
  act: () => void | Promise<void>,
): void {
  let armed = true;
  berth.hypervisor.fault = (call) => {
    if (!armed || call.method !== method || call.phase !== phase) return;
    if (subject !== undefined && !call.subject.includes(subject)) return;
    armed = false;
    return act();
  };
}

/** Nothing is left, the name is free, and the record says so. */
export function expectUndone(bench: TestBench, creation: Creation, state: Creation['state']): void {
  expect(bench.leftovers()).toEqual([]);
  expect(bench.database.machines.size).toBe(0);
  expect(bench.database.reservations.size).toBe(0);
  expect(creation.state).toBe(state);
  expect(creation.endedAt).not.toBeNull();
  expect(creation.undone.every(({ verified }) => verified)).toBe(true);
  const open = bench.database.journal.filter((entry) => entry.state !== 'undone');
  expect(open).toEqual([]);
  const journaled = new Set(bench.database.journal.map(({ effect }) => effect.name));
  expect(new Set(creation.undone.map(({ name }) => name))).toEqual(journaled);
  expect(creation.stages.filter((stage) => stage.state === 'running')).toEqual([]);
}
