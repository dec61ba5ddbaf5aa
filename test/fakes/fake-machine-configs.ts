import type {
  MachineConfig,
  MachineConfigRepository,
} from '../../src-main/core/ports/machine-configs-repository.ts';

interface Tables {
  machines: ReadonlyMap<string, unknown>;
  configs: Map<string, MachineConfig>;
  read: <T>(value: T) => T;
  write: <T>(method: string, act: () => T) => T;
}

export function fakeMachineConfigs(tables: Tables): MachineConfigRepository {
  const { machines, configs, read, write } = tables;
  return {
    get: (machineId) => read(machines.has(machineId) ? (configs.get(machineId) ?? null) : null),
    save: (config) =>
      write('machineConfigs.save', () => {
        if (machines.has(config.machineId)) configs.set(config.machineId, structuredClone(config));
      }),
  };
}
