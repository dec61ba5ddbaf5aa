import { describe, expect, it } from 'vitest';
import { machineSchema } from '../../src-contract/model/machine.ts';
import { machine, snapshot } from '../../test/renderer/fake/fixtures.ts';
import { isPlainMachine, quickSnapshotSchema } from './machine-rows.ts';

const note = { code: 'no_kvm', severity: 'info', message: 'slow' } as const;
const WRONG = [undefined, null, 5, -1, 1.5, 'word', true, {}, [], [1]];

describe('isPlainMachine', () => {
  it('takes what the contract takes', () => {
    expect(isPlainMachine(machine(1))).toBe(true);
    expect(isPlainMachine(machine(1, { createdAt: null, templateId: null }))).toBe(true);
  });

  it.each(Object.keys(machine(1)))('refuses a bad %s exactly when the contract does', (key) => {
    for (const value of WRONG) {
      const row = { ...machine(1), [key]: value };
      expect(isPlainMachine(row), JSON.stringify(value)).toBe(machineSchema.safeParse(row).success);
    }
  });

  it('refuses what is no object', () => {
    expect(isPlainMachine(null)).toBe(false);
    expect(isPlainMachine('machine')).toBe(false);
  });
});

describe('quickSnapshotSchema', () => {
  it('takes notes, with a remedy too, and refuses broken rows', () => {
    const fix = { action: 'start-network', label: 'Start it', network: 'default' } as const;
    const noted = machine(2, { notes: [note, { ...note, fix }] });
    expect(isPlainMachine(machine(2, { notes: [note] }))).toBe(true);
    expect(isPlainMachine(noted)).toBe(false);
    const parsed = quickSnapshotSchema.parse(snapshot({ machines: [machine(1), noted] }));
    expect(parsed.machines).toEqual([machine(1), noted]);
    const broken = { ...snapshot(), machines: [{ ...machine(1), power: 'sleeping' }] };
    expect(quickSnapshotSchema.safeParse(broken).success).toBe(false);
    const badNote = { ...machine(1), notes: [{ ...note, code: 'Not A Code' }] };
    expect(quickSnapshotSchema.safeParse({ ...snapshot(), machines: [badNote] }).success).toBe(
      false,
    );
  });
});
