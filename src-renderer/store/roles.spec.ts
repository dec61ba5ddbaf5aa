import { describe, expect, it } from 'vitest';
import { department } from '../../test/renderer/fake/fixtures.ts';
import { may, mayAnywhere, whyNot } from './roles.ts';

const state = {
  departments: new Map([
    ['personal', department({ ownRole: 'viewer' })],
    ['lab', department({ id: 'lab', name: 'Network lab', ownRole: 'operator' })],
    ['own', department({ id: 'own', name: 'Own', ownRole: 'manager' })],
  ]),
};

describe('what the window offers', () => {
  it('asks for the role in the department of the thing', () => {
    expect(may(state, 'machines.start', 'lab')).toBe(true);
    expect(may(state, 'machines.delete', 'lab')).toBe(false);
    expect(may(state, 'machines.delete', 'own')).toBe(true);
  });

  it('counts what is in no known department as Personal’s', () => {
    expect(may(state, 'machines.start', 'gone')).toBe(false);
    expect(may(state, 'machines.details', 'gone')).toBe(true);
  });

  it('asks in Personal for what concerns the whole host', () => {
    expect(may(state, 'media.add', 'own')).toBe(false);
    expect(may(state, 'policies.set')).toBe(false);
    expect(may({ departments: new Map([['personal', department()]]) }, 'policies.set')).toBe(true);
  });

  it('offers to everybody what is open to all, and nothing else to members of nothing', () => {
    const nothing = { departments: new Map() };
    expect(may(nothing, 'policies.get')).toBe(true);
    expect(may(nothing, 'machines.details')).toBe(false);
    expect(mayAnywhere(nothing, 'creations.start')).toBe(false);
    expect(mayAnywhere(state, 'creations.start')).toBe(true);
  });

  it('says which role it takes and which one there is', () => {
    expect(whyNot(state, 'machines.start', 'lab')).toBeNull();
    expect(whyNot(state, 'machines.delete', 'lab')).toBe(
      'It takes a manager of the department “Network lab”; you are an operator.',
    );
    expect(whyNot({ departments: new Map() }, 'policies.set')).toBe(
      'It takes an owner of the department “Personal”.',
    );
  });
});
