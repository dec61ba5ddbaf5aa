import type { HostNetworks } from '../../src-contract/model/host-networks.ts';
import { filtering } from '../core/creation/index.ts';
import { DepartmentNetworking } from '../core/lifecycle/department-networking.ts';
import { DepartmentNetworks } from '../core/lifecycle/department-networks.ts';
import { FilterService } from '../core/lifecycle/filters.ts';
import type { Gate } from './gate.ts';
import type { Ports } from './ports.ts';

export interface Networking {
  filters: FilterService;
  networking: DepartmentNetworking;
  /** What machines can be put on. */
  hostNetworks(): Promise<HostNetworks>;
  /** Puts a machine that is to start under its filters; rejects with `filter_missing`. */
  secure(machineId: string): Promise<void>;
}

export function buildNetworking(ports: Ports, { access, departments }: Gate): Networking {
  const { hypervisor, store, system } = ports;
  const filters = new FilterService({ ...ports, access });
  const networks = new DepartmentNetworks(ports);
  return {
    filters,
    networking: new DepartmentNetworking({ ...ports, departments, networks, filters }),
    hostNetworks: async () => {
      const [all, bridges] = await Promise.all([
        hypervisor.listNetworks(),
        system.network.bridges(),
      ]);
      // A libvirt network's own bridge is reached through that network.
      const taken = new Set(all.map(({ bridge }) => bridge));
      return { networks: all, bridges: bridges.filter(({ name }) => !taken.has(name)) };
    },
    secure: async (machineId) => {
      const machine = store.machines.get(machineId);
      if (machine !== null) await filtering.secureMachine(ports, machine);
    },
  };
}
