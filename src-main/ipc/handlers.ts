import type { InvokeHandlers } from '../../src-contract/derive.ts';
import type { Fix } from '../../src-contract/model/error.ts';
import type { DoctorCheck } from '../../src-contract/model/host.ts';
import type { HostNetworks } from '../../src-contract/model/host-networks.ts';
import type { Machine, MachineDetails, Screenshot } from '../../src-contract/model/machine.ts';
import type { Snapshot } from '../../src-contract/model/snapshot.ts';
import type { CreationService } from '../core/creation/service.ts';
import type { DepartmentNetworking } from '../core/lifecycle/department-networking.ts';
import type { DepartmentService } from '../core/lifecycle/departments.ts';
import type { FilterService } from '../core/lifecycle/filters.ts';
import type { GpuService } from '../core/lifecycle/gpus.ts';
import type { History } from '../core/lifecycle/history.ts';
import type { MachineLibrary } from '../core/lifecycle/machines.ts';
import type { MediaLibrary } from '../core/lifecycle/media-library.ts';
import type { PolicyService } from '../core/lifecycle/policies.ts';
import type { PowerCommand, PowerService } from '../core/lifecycle/power.ts';
import type { LifecycleServices } from '../core/lifecycle/services.ts';
import { departmentHandlers } from './department-handlers.ts';
import { filterHandlers } from './filter-handlers.ts';
import { historyHandlers } from './history-handlers.ts';
import { lifecycleHandlers } from './lifecycle-handlers.ts';
import { nothing } from './nothing.ts';
import { type TemplateServices, templateHandlers } from './template-handlers.ts';

/** What the handlers need of the core. */
export interface Services extends TemplateServices {
  snapshot(): Promise<Snapshot>;
  doctor(): Promise<DoctorCheck[]>;
  applyFix(fix: Fix): Promise<void>;
  creations: CreationService;
  library: MachineLibrary;
  power: PowerService;
  media: MediaLibrary;
  departments: DepartmentService;
  networking: DepartmentNetworking;
  filters: FilterService;
  hostNetworks(): Promise<HostNetworks>;
  gpus: GpuService;
  history: History;
  policies: PolicyService;
  lifecycle: LifecycleServices;
  deleteMachine(machineId: string): Promise<void>;
  dismissCreation(creationId: string): void;
  details(machineId: string): Promise<MachineDetails>;
  screenshot(machineId: string): Promise<Screenshot | null>;
  /** `origins` = pages that may use the ticket. */
  consoleTicket(machineId: string, origins: string[]): Promise<ConsoleTicket>;
  openViewer(machineId: string): Promise<void>;
}

export interface ConsoleTicket {
  url: string;
  protocol: 'spice' | 'vnc';
  password: string;
}

/** What only the window can do that a request came from. */
export interface WindowActions {
  /** Origins that the window's page may have. */
  origins: string[];
  pickImage(): Promise<string | null>;
  openConsole(machine: Machine): void;
  setFullscreen(on: boolean): void;
}

export function createHandlers(services: Services, window: WindowActions): InvokeHandlers {
  const { creations, library, media } = services;
  return {
    'app.snapshot': () => services.snapshot(),
    'host.doctor': () => services.doctor(),
    'host.networks': () => services.hostNetworks(),
    'gpus.list': () => services.gpus.list(),
    'fixes.apply': nothing((fix) => services.applyFix(fix)),
    'creations.plan': ({ count, ...request }) => creations.plan(request, undefined, count),
    'creations.start': (request) => creations.start(request),
    'creations.startMany': ({ count, ...request }) => creations.startMany(request, count),
    'creations.cancel': nothing(({ creationId }) => creations.cancel(creationId)),
    'creations.retry': ({ creationId, request }) => creations.retry(creationId, request),
    'creations.log': ({ creationId }) => creations.log(creationId),
    'creations.get': ({ creationId }) => creations.get(creationId),
    'creations.dismiss': nothing(({ creationId }) => services.dismissCreation(creationId)),
    'machines.start': power(services, 'start'),
    'machines.kill': power(services, 'kill'),
    'machines.reboot': power(services, 'reboot'),
    'machines.pause': power(services, 'pause'),
    'machines.resume': power(services, 'resume'),
    'machines.details': ({ machineId }) => services.details(machineId),
    'machines.screenshot': ({ machineId }) => services.screenshot(machineId),
    'media.pick': () => window.pickImage(),
    'media.add': ({ path, name }) => media.add({ path, ...(name !== undefined && { name }) }),
    'media.remove': nothing(({ mediaId }) => media.remove(mediaId)),
    'policies.get': () => services.policies.get(),
    'policies.set': (change) => services.policies.change(change),
    ...departmentHandlers(services.departments, services.networking),
    ...lifecycleHandlers(services),
    ...filterHandlers(services.filters, services.networking),
    ...templateHandlers(services),
    ...historyHandlers(services.history),
    'console.open': nothing(({ machineId }) => window.openConsole(library.get(machineId))),
    'console.ticket': ({ machineId }) => services.consoleTicket(machineId, window.origins),
    'console.viewer': nothing(({ machineId }) => services.openViewer(machineId)),
    'console.fullscreen': nothing(({ on }) => window.setFullscreen(on)),
  };
}

function power(services: Services, command: PowerCommand) {
  return nothing(({ machineId }: { machineId: string }) => services.power.run(machineId, command));
}
