import type { InvokeHandlers } from '../../src-contract/derive.ts';
import type { LifecycleServices } from '../core/lifecycle/services.ts';
import { nothing } from './nothing.ts';

type LifecycleChannel =
  | 'machines.stop'
  | 'machines.delete'
  | 'machines.rename'
  | 'machines.resize'
  | 'machines.addDisk'
  | 'machines.removeDisk'
  | 'machines.adoption'
  | 'machines.adopt'
  | 'machines.forget'
  | 'media.capture'
  | 'machines.config'
  | 'machines.acceptChanges'
  | 'reconcile.scan'
  | 'reconcile.remove';

/** What these handlers need of the core. */
interface Services {
  lifecycle: LifecycleServices;
  deleteMachine(machineId: string): Promise<void>;
}

export function lifecycleHandlers(services: Services): Pick<InvokeHandlers, LifecycleChannel> {
  const { lifecycle } = services;
  return {
    'machines.stop': nothing(({ machineId, forceAfterSeconds }) =>
      lifecycle.stop(machineId, forceAfterSeconds),
    ),
    'machines.delete': nothing(({ machineId }) => services.deleteMachine(machineId)),
    'machines.rename': nothing(({ machineId, name }) => lifecycle.rename(machineId, name)),
    'machines.resize': ({ machineId, change }) => lifecycle.resize(machineId, change),
    'machines.addDisk': ({ machineId, ...wish }) => lifecycle.addDisk(machineId, wish),
    'machines.removeDisk': nothing(({ machineId, target }) =>
      lifecycle.removeDisk(machineId, target),
    ),
    'machines.adoption': ({ machineId }) => lifecycle.planAdoption(machineId),
    'machines.adopt': (request) => lifecycle.adopt(request),
    'machines.forget': nothing(({ machineId }) => lifecycle.forget(machineId)),
    'media.capture': ({ machineId, name }) =>
      lifecycle.capture({ machineId, ...(name !== undefined && { name }) }),
    'machines.config': ({ machineId }) => lifecycle.config(machineId),
    'machines.acceptChanges': nothing(({ machineId }) => lifecycle.acceptChanges(machineId)),
    'reconcile.scan': () => lifecycle.reconciler.scan(),
    'reconcile.remove': ({ ids }) => lifecycle.reconciler.remove(ids),
  };
}
