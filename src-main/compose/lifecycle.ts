import { tmpdir } from 'node:os';
import { staleFiles } from '../adapters/system/stale-files.ts';
import type { CreationService } from '../core/creation/index.ts';
import type { HostLink } from '../core/lifecycle/host.ts';
import type { Hub } from '../core/lifecycle/hub.ts';
import { KeyedQueue } from '../core/lifecycle/keyed-queue.ts';
import { MachineConfigs } from '../core/lifecycle/machine-configs.ts';
import type { MachineLibrary } from '../core/lifecycle/machines.ts';
import type { MediaLibrary } from '../core/lifecycle/media-library.ts';
import { PowerService } from '../core/lifecycle/power.ts';
import { createLifecycle, type LifecycleServices } from '../core/lifecycle/services.ts';
import { resolvePaths } from './paths.ts';
import type { Ports } from './ports.ts';

export interface LifecycleParts {
  power: PowerService;
  configs: MachineConfigs;
  lifecycle: LifecycleServices;
}

interface Surroundings {
  hub: Hub;
  library: MachineLibrary;
  link: HostLink;
  creations: CreationService;
  media: MediaLibrary;
  pool: string;
  secure(machineId: string): Promise<void>;
}

/** What happens to machines after they were made. */
export function buildLifecycle(ports: Ports, around: Surroundings): LifecycleParts {
  const { clock } = ports;
  const queue = new KeyedQueue();
  const configs = new MachineConfigs(ports);
  // Binding a filter changes the definition.
  const secure = (machineId: string) => configs.own(machineId, () => around.secure(machineId));
  const power = new PowerService({ ...ports, ...around, queue, secure });
  const lifecycle = createLifecycle({
    ...ports,
    ...around,
    queue,
    configs,
    power,
    hostFacts: () => around.link.facts(),
    staleFiles: staleFiles({
      runtimeFolder: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
      cacheFolder: resolvePaths().cache,
      uid: process.geteuid?.() ?? 0,
      now: () => clock.now(),
    }),
  });
  return { power, configs, lifecycle };
}
