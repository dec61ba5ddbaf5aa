import { describe, expect, it } from 'vitest';
import { department } from '../../../test/renderer/fake/fixtures.ts';
import {
  changeOf,
  EMPTY_FORM,
  formOf,
  formProblem,
  parseLimit,
  quotaOf,
} from './department-form.ts';

const GIB = 1024 ** 3;
const quota = { machines: 5, vcpus: 0, memoryBytes: 1.5 * GIB, diskBytes: null, gpus: null };

describe('the department form', () => {
  it('says back what it was given', () => {
    const lab = department({ name: 'Lab', quota, network: { kind: 'existing', name: 'br' } });
    expect(quotaOf(formOf(lab))).toEqual(quota);
    expect(changeOf(formOf(lab), lab)).toEqual({});
  });

  it('changes only what is different', () => {
    const rules = [
      {
        id: 'r1',
        direction: 'in',
        action: 'accept',
        protocol: 'tcp',
        remote: null,
        ports: { start: 22, end: 22 },
        priority: 0,
        states: [],
        comment: '',
      } as const,
    ].map((rule) => ({ ...rule, states: [] }));
    const lab = department({
      filter: { preset: 'block-all', rules },
      network: { kind: 'own', mode: 'nat', network: 'berth-lab', subnet: '10.1.2.0/24' },
    });
    const form = formOf(lab);
    expect(changeOf({ ...form, name: ' New ' }, lab)).toEqual({ name: 'New' });
    expect(changeOf({ ...form, preset: 'allow-all' }, lab)).toEqual({
      filter: { preset: 'allow-all', rules },
    });
    expect(changeOf({ ...form, network: 'isolated' }, lab)).toEqual({
      network: { kind: 'own', mode: 'isolated', network: null, subnet: null },
    });
    expect(changeOf({ ...form, network: 'existing', networkName: ' br0 ' }, lab)).toEqual({
      network: { kind: 'existing', name: 'br0' },
    });
  });

  it('takes an empty limit for none and refuses what is no number', () => {
    expect(parseLimit('vcpus', ' ')).toBeNull();
    expect(parseLimit('vcpus', '0')).toBe(0);
    expect(parseLimit('memoryBytes', '0.5')).toBe(GIB / 2);
    for (const text of ['x', '-1', '1.5', 'Infinity']) {
      expect(parseLimit('vcpus', text)).toBeUndefined();
      const limits = { ...EMPTY_FORM.limits, vcpus: text };
      expect(formProblem({ ...EMPTY_FORM, name: 'a', limits })).toContain('limit');
    }
    expect(formProblem(EMPTY_FORM)).toContain('name');
    expect(formProblem({ ...EMPTY_FORM, name: 'a' })).toBeNull();
    expect(
      formProblem({ ...EMPTY_FORM, name: 'a', network: 'existing', networkName: ' ' }),
    ).toContain('network');
  });
});
