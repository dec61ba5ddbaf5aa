import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { machine, reservation } from './helpers/samples.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';

interface Pair {
  first: Store;
  second: Store;
  dispose: () => void;
}

/** The stores of two processes on one database. */
const STORES: Record<string, () => Pair> = {
  SQLite: () => {
    const temp = new TempStore();
    return { first: temp.open(), second: temp.open(), dispose: () => temp[Symbol.dispose]() };
  },
  'the fake': () => {
    const database = new FakeDatabase();
    const [first, second] = [new FakeStore(database), new FakeStore(database)];
    return {
      first,
      second,
      dispose: () => {
        first.close();
        second.close();
      },
    };
  },
};

const SLOT = '0000:01:00';
const CARD = ['0', '1', '2'].map((last) => ({ address: `${SLOT}.${last}`, slot: SLOT }));

describe.each(Object.keys(STORES))('claims of graphics cards on %s', (name) => {
  let pair: Pair;
  beforeEach(() => {
    const opened = STORES[name]?.();
    if (opened === undefined) throw new Error(name);
    pair = opened;
  });
  afterEach(() => pair.dispose());

  const reserve = (store: Store, n: number, functions = CARD) =>
    store.reservations.reserve(machine(n), reservation(n), () => {
      store.gpuClaims.claim(`m${n}`, functions);
    });

  it('let one of two win, twenty times', () => {
    for (let round = 0; round < 20; round++) {
      const [winner, loser] =
        round % 2 === 0 ? [pair.first, pair.second] : [pair.second, pair.first];
      const [a, b] = [2 * round + 1, 2 * round + 2];
      reserve(winner, a);
      // One function in common is enough, and then nothing is claimed.
      const other = [{ address: `0000:0${round % 8}:1f.0`, slot: '0000:00:1f' }, ...CARD.slice(2)];
      expect(thrownBy(() => reserve(loser, b, other))).toMatchObject({ code: 'gpu_in_use' });
      expect(loser.machines.get(`m${b}`)).toBeNull();
      expect(loser.gpuClaims.list()).toEqual(CARD.map((one) => ({ ...one, machineId: `m${a}` })));
      expect(loser.departments.usage('personal').gpus).toBe(1);
      loser.machines.remove(`m${a}`);
      expect(winner.gpuClaims.list()).toEqual([]);
    }
  });

  it('may be made again by the machine itself, and be released', () => {
    reserve(pair.first, 1);
    pair.first.gpuClaims.claim('m1', CARD);
    expect(pair.second.gpuClaims.list()).toHaveLength(3);
    pair.second.gpuClaims.release('m1');
    expect(pair.first.gpuClaims.list()).toEqual([]);
    expect(pair.first.machines.get('m1')).not.toBeNull();
  });
});
