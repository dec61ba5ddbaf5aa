import { describe, expect, it } from 'vitest';
import { creation, machine, snapshot } from '../../test/renderer/fake/fixtures.ts';
import { applySnapshot } from './apply.ts';
import { nextFreeName } from './names.ts';
import { initialState } from './state.ts';

describe('nextFreeName', () => {
  const state = applySnapshot(
    snapshot({
      machines: [machine(1, { name: 'Debian-12' })],
      creations: [
        creation({ id: 'a', name: 'debian-12-2' }),
        creation({ id: 'b', name: 'debian-12-3', state: 'failed' }),
      ],
    }),
    initialState,
  );

  it('skips machines and running creations, not failed ones', () => {
    expect(nextFreeName('Debian 12', state)).toBe('debian-12-3');
  });

  it('makes a name of anything', () => {
    expect(nextFreeName('Ubuntu 24.04 LTS', state)).toBe('ubuntu-24-04-lts');
    expect(nextFreeName('日本', state)).toBe('machine');
  });
});
