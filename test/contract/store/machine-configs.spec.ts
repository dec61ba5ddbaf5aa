import { describe, expect, it } from 'vitest';
import type { MachineConfig } from '../../../src-main/core/ports/machine-configs-repository.ts';
import type { Store } from '../../../src-main/core/ports/repositories.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { machine } from './helpers/samples.ts';
import { TempStore, thrownBy } from './helpers/temp-store.ts';

const CONFIG: MachineConfig = {
  machineId: 'm1',
  domainXml: '<domain/>',
  ownXml: '<domain><name/></domain>',
  displayProtocol: 'spice',
  displayEndpoint: 'unix:/run/a.sock',
  displayPassword: new Uint8Array([1, 2, 3]),
  hostDevices: ['0000:01:00.0'],
  savedAt: 7,
};

function describeContract(name: string, open: () => { store: Store; dispose: () => void }): void {
  describe(name, () => {
    const withStore = (work: (store: Store) => void) => {
      const { store, dispose } = open();
      try {
        work(store);
      } finally {
        dispose();
      }
    };

    it('keeps the newest configuration of a machine, as long as there is one', () => {
      withStore(({ machines, machineConfigs }) => {
        machineConfigs.save(CONFIG);
        expect(machineConfigs.get('m1')).toBeNull();
        machines.insert(machine(1));
        machineConfigs.save(CONFIG);
        const stopped = { ...CONFIG, displayEndpoint: null, displayPassword: null, savedAt: 8 };
        expect(machineConfigs.get('m1')).toMatchObject({
          ...CONFIG,
          displayPassword: expect.anything(),
        });
        expect([...(machineConfigs.get('m1')?.displayPassword ?? [])]).toEqual([1, 2, 3]);
        machineConfigs.save(stopped);
        expect(machineConfigs.get('m1')).toEqual(stopped);
        machines.remove('m1');
        machines.insert(machine(1));
        expect(machineConfigs.get('m1')).toBeNull();
      });
    });

    it('gives machines names that nobody has', () => {
      withStore(({ machines }) => {
        machines.insert(machine(1, { name: 'Büro' }));
        machines.insert(machine(2));
        const taken = { code: 'name_taken' };
        expect(thrownBy(() => machines.insert(machine(3, { name: 'BÜRO' })))).toMatchObject(taken);
        expect(thrownBy(() => machines.update('m2', { name: 'büro' }))).toMatchObject(taken);
        machines.update('m2', { name: 'Other', domainName: 'other', vcpus: 3 });
        machines.update('m1', { name: 'BÜRO' });
        expect(machines.get('m2')).toMatchObject({ name: 'Other', domainName: 'other', vcpus: 3 });
        expect(machines.get('m1')?.name).toBe('BÜRO');
      });
    });
  });
}

describeContract('machines in SQLite', () => {
  const temp = new TempStore();
  return { store: temp.open(), dispose: () => temp[Symbol.dispose]() };
});

describeContract('machines in the fake', () => {
  const store = new FakeStore(new FakeDatabase());
  return { store, dispose: () => store.close() };
});
