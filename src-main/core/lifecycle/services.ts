import type {
  Adoption,
  DiskAdded,
  MachineConfigView,
  ResizeChange,
  Resized,
} from '../../../src-contract/model/lifecycle.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import {
  type AdoptDeps,
  type AdoptRequest,
  adoptMachine,
  forgetMachine,
  planAdoption,
} from './adopt.ts';
import { createDeleter, type DeleteDeps } from './delete.ts';
import { addDisk, type DiskDeps, type DiskWish, recoverDisks, removeDisk } from './disks.ts';
import { type Capture, type CaptureDeps, captureMachine } from './media-capture.ts';
import type { PowerService } from './power.ts';
import { type ReconcileDeps, Reconciler } from './reconcile.ts';
import { type RenameDeps, renameMachine } from './rename.ts';
import { type ResizeDeps, resizeMachine } from './resize.ts';

/** What can be done with a machine from its first start to its end. */
export interface LifecycleServices {
  /** With `forceAfterSeconds` resolves when it is off, by force if it must be. */
  stop(machineId: string, forceAfterSeconds?: number): Promise<void>;
  delete(machineId: string): Promise<void>;
  rename(machineId: string, name: string): Promise<void>;
  resize(machineId: string, change: ResizeChange): Promise<Resized[]>;
  addDisk(machineId: string, wish: DiskWish): Promise<DiskAdded>;
  removeDisk(machineId: string, target: string): Promise<void>;
  /** Ends what processes that have died were doing to disks. */
  recoverDisks(): Promise<void>;
  planAdoption(machineId: string): Promise<Adoption>;
  adopt(request: AdoptRequest): Promise<{ machineId: string }>;
  forget(machineId: string): Promise<void>;
  /** Makes an image of its disk. */
  capture(capture: Capture): Promise<Media>;
  config(machineId: string): MachineConfigView | null;
  acceptChanges(machineId: string): void;
  reconciler: Reconciler;
}

export type LifecycleDeps = DeleteDeps &
  RenameDeps &
  ResizeDeps &
  AdoptDeps &
  CaptureDeps &
  DiskDeps &
  Omit<ReconcileDeps, 'deleteMachine'> & { power: PowerService };

export function createLifecycle(deps: LifecycleDeps): LifecycleServices {
  const { power, configs } = deps;
  const deleteMachine = createDeleter(deps);
  return {
    stop: (machineId, seconds) =>
      seconds === undefined ? power.run(machineId, 'stop') : power.stopWithin(machineId, seconds),
    delete: deleteMachine,
    rename: (machineId, name) => renameMachine(deps, machineId, name),
    resize: (machineId, change) => resizeMachine(deps, machineId, change),
    addDisk: (machineId, wish) => addDisk(deps, machineId, wish),
    removeDisk: (machineId, target) => removeDisk(deps, machineId, target),
    recoverDisks: () => recoverDisks(deps),
    planAdoption: (machineId) => planAdoption(deps, machineId),
    adopt: (request) => adoptMachine(deps, request),
    forget: (machineId) => forgetMachine(deps, machineId),
    capture: (capture) => captureMachine(deps, capture),
    config: (machineId) => configs.view(machineId),
    acceptChanges: (machineId) => configs.accept(machineId),
    reconciler: new Reconciler({ ...deps, deleteMachine }),
  };
}
