import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { machine, reservation } from './helpers/samples.ts';
import { TempStore } from './helpers/temp-store.ts';
import type { StoreUnderTest } from './store-contract.ts';

const admitAll = () => undefined;

const STORES: [string, () => StoreUnderTest][] = [
  [
    'SQLite',
    () => {
      const temp = new TempStore();
      return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
    },
  ],
  [
    'the fake',
    () => {
      const store = new FakeStore(new FakeDatabase());
      return { store, dispose: () => store.close() };
    },
  ],
];

describe.each(STORES)('admission in %s', (_name, open) => {
  let subject: StoreUnderTest;
  let store: Store;
  beforeEach(() => {
    subject = open();
    store = subject.store;
    for (const n of [1, 2]) {
      store.reservations.reserve(machine(n), reservation(n, { state: 'waiting' }), admitAll);
    }
  });
  afterEach(() => subject.dispose());

  const states = () => store.reservations.list().map(({ state }) => state);

  it('makes a waiting claim a working one, with the others in sight', () => {
    const seen: string[] = [];
    const admitted = store.reservations.admit('c1', (others) => {
      seen.push(...others.map(({ creationId }) => creationId));
      return true;
    });
    expect([admitted, seen]).toEqual([true, ['c2']]);
    expect(states()).toEqual(['working', 'waiting']);
  });

  it('leaves it waiting when it is refused', () => {
    expect(store.reservations.admit('c1', () => false)).toBe(false);
    expect(states()).toEqual(['waiting', 'waiting']);
  });

  it('does not ask for what is gone, or admitted already', () => {
    const never = () => {
      throw new Error('asked');
    };
    expect(store.reservations.admit('c9', never)).toBe(false);
    store.reservations.admit('c1', () => true);
    expect(store.reservations.admit('c1', never)).toBe(false);
  });

  it('keeps the claim without a slot', () => {
    store.reservations.admit('c1', () => true);
    store.reservations.hold('c1');
    store.reservations.hold('c9');
    expect(states()).toEqual(['holding', 'waiting']);
  });

  it('gives a MAC address to one machine', () => {
    const mac = '52:54:00:00:00:01';
    expect(store.machines.claimMac('m1', mac)).toBe(true);
    expect(store.machines.claimMac('m2', mac)).toBe(false);
    expect(store.machines.claimMac('m1', mac)).toBe(true);
    store.machines.remove('m1');
    expect(store.machines.claimMac('m2', mac)).toBe(true);
  });
});
