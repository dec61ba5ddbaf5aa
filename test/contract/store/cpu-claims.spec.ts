import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { machine, reservation } from './helpers/samples.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';
import type { StoreUnderTest } from './store-contract.ts';

const STORES: Record<string, () => StoreUnderTest> = {
  SQLite: () => {
    const temp = new TempStore();
    return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
  },
  'the fake': () => {
    const store = new FakeStore(new FakeDatabase());
    return { store, dispose: () => store.close() };
  },
};

describe.each(Object.keys(STORES))('claims of CPUs on %s', (name) => {
  let subject: StoreUnderTest;
  let store: Store;
  beforeEach(() => {
    const opened = STORES[name]?.();
    if (opened === undefined) throw new Error(name);
    subject = opened;
    store = subject.store;
  });
  afterEach(() => subject.dispose());

  const reserve = (n: number, cpus: number[]) =>
    store.reservations.reserve(machine(n), reservation(n), () => {
      store.cpuClaims.claim(`m${n}`, cpus);
    });

  it('are made with the reservation, before the machine is there', () => {
    reserve(1, [3, 1]);
    expect(store.cpuClaims.list()).toEqual([
      { hostCpu: 1, machineId: 'm1' },
      { hostCpu: 3, machineId: 'm1' },
    ]);
  });

  it('are refused when another machine has one of them, which claims nothing', () => {
    reserve(1, [1, 2]);
    expect(thrownBy(() => reserve(2, [3, 2]))).toMatchObject({ code: 'cpu_taken' });
    expect(store.cpuClaims.list().map(({ hostCpu }) => hostCpu)).toEqual([1, 2]);
    expect(store.machines.get('m2')).toBeNull();
  });

  it('may be made again by the machine itself', () => {
    reserve(1, [1]);
    store.cpuClaims.claim('m1', [1, 2]);
    expect(store.cpuClaims.list()).toHaveLength(2);
  });

  it('go with the machine, or when they are released', () => {
    reserve(1, [1]);
    reserve(2, [2]);
    store.machines.remove('m1');
    expect(store.cpuClaims.list()).toEqual([{ hostCpu: 2, machineId: 'm2' }]);
    store.cpuClaims.release('m2');
    expect(store.cpuClaims.list()).toEqual([]);
  });
});
