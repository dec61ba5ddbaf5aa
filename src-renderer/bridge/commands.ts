import type { InvokeInput, Result } from '../../src-contract/derive.ts';
import type { DepartmentChange, Member, Quota } from '../../src-contract/model/department.ts';
import type { Fix } from '../../src-contract/model/error.ts';
import type { FilterOwner, FilterPolicy } from '../../src-contract/model/filter.ts';
import type { ResizeChange } from '../../src-contract/model/lifecycle.ts';
import type { PolicyChange } from '../../src-contract/model/policies.ts';
import { applyLog, forgetCreation } from '../store/apply.ts';
import { batch } from '../store/batch.ts';
import { berthStore } from '../store/berth-store.ts';
import { ACTION_COMMAND, type MachineAction } from '../store/machine-actions.ts';
import { invoke } from './invoke.ts';

type Request = InvokeInput<'creations.plan'>;

export const planCreation = (request: Request) => invoke('creations.plan', request);
export const startCreation = (request: Request) => invoke('creations.start', request);
/** Keeps what became of each for the queue. */
export async function startMany(request: InvokeInput<'creations.startMany'>) {
  const answer = await invoke('creations.startMany', request);
  if (answer.ok) batch.setState({ started: answer.value });
  return answer;
}
export const cancelCreation = (creationId: string) => invoke('creations.cancel', { creationId });
export const retryCreation = (creationId: string, request?: Request) =>
  invoke('creations.retry', request ? { creationId, request } : { creationId });

export async function dismissCreation(creationId: string): Promise<Result<undefined>> {
  const answer = await invoke('creations.dismiss', { creationId });
  if (answer.ok) berthStore.setState((state) => forgetCreation(creationId, state));
  return answer;
}

export async function loadLog(creationId: string): Promise<void> {
  const answer = await invoke('creations.log', { creationId });
  if (answer.ok) berthStore.setState((state) => applyLog(creationId, answer.value, state));
}

export const machineDetails = (machineId: string) => invoke('machines.details', { machineId });
export const screenshot = (machineId: string) => invoke('machines.screenshot', { machineId });
export const deleteMachine = (machineId: string) => invoke('machines.delete', { machineId });

export const renameMachine = (machineId: string, name: string) =>
  invoke('machines.rename', { machineId, name });
export const resizeMachine = (machineId: string, change: ResizeChange) =>
  invoke('machines.resize', { machineId, change });
export const addDisk = (machineId: string, capacityBytes: number) =>
  invoke('machines.addDisk', { machineId, capacityBytes });
export const removeDisk = (machineId: string, target: string) =>
  invoke('machines.removeDisk', { machineId, target });
export const planAdoption = (machineId: string) => invoke('machines.adoption', { machineId });
export const adoptMachine = (request: InvokeInput<'machines.adopt'>) =>
  invoke('machines.adopt', request);
export const forgetMachine = (machineId: string) => invoke('machines.forget', { machineId });
export const machineConfig = (machineId: string) => invoke('machines.config', { machineId });
export const acceptChanges = (machineId: string) => invoke('machines.acceptChanges', { machineId });
export const scanOrphans = () => invoke('reconcile.scan', undefined);
export const removeOrphans = (ids: string[]) => invoke('reconcile.remove', { ids });

/** Everything that a machine's menu does without asking first. */
export const runAction = (machineId: string, action: Exclude<MachineAction, 'delete'>) =>
  invoke(ACTION_COMMAND[action], { machineId });

export const doctor = () => invoke('host.doctor', undefined);
export const applyFix = (fix: Fix) => invoke('fixes.apply', fix);

export const pickMedia = () => invoke('media.pick', undefined);
export const addMedia = (path: string) => invoke('media.add', { path });
export const captureMedia = (machineId: string, name: string) =>
  invoke('media.capture', { machineId, name });
export const removeMedia = (mediaId: string) => invoke('media.remove', { mediaId });

export const createDepartment = (draft: InvokeInput<'departments.create'>) =>
  invoke('departments.create', draft);
export const updateDepartment = (departmentId: string, change: DepartmentChange) =>
  invoke('departments.update', { departmentId, change });
export const setQuota = (departmentId: string, quota: Quota) =>
  invoke('departments.quota', { departmentId, quota });
export const deleteDepartment = (departmentId: string) =>
  invoke('departments.delete', { departmentId });
export const setMember = (departmentId: string, member: Member) =>
  invoke('departments.setMember', { departmentId, member });
export const removeMember = (departmentId: string, { kind, name }: Member) =>
  invoke('departments.removeMember', { departmentId, member: { kind, name } });

export const listFilters = () => invoke('filters.list', undefined);
export const readFilter = (owner: FilterOwner) => invoke('filters.get', { owner });
export const checkFilter = (owner: FilterOwner, policy: FilterPolicy) =>
  invoke('filters.check', { owner, policy });
export const setFilter = (owner: FilterOwner, policy: FilterPolicy) =>
  invoke('filters.set', { owner, policy });
export const hostNetworks = () => invoke('host.networks', undefined);
export const listGpus = () => invoke('gpus.list', undefined);

export const readPolicies = () => invoke('policies.get', undefined);
export const setPolicies = (change: PolicyChange) => invoke('policies.set', change);

export const audit = (query: InvokeInput<'audit.query'>) => invoke('audit.query', query);
export const metrics = (query: InvokeInput<'metrics.get'>) => invoke('metrics.get', query);

export const consoleTicket = (machineId: string) => invoke('console.ticket', { machineId });
export const setFullscreen = (on: boolean) => invoke('console.fullscreen', { on });
