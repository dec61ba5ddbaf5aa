import type { BerthEvent } from '../../src-contract/model/events.ts';

export type MachineEvent = Extract<BerthEvent, { machineId: string }>;

/** An event as one flat line of JSON: who, what, when, and how far. */
export function flatten(event: MachineEvent): object {
  const { type, creationId, machineId, name, departmentId, stage, revision, at } = event;
  return {
    type,
    creationId,
    machineId,
    name,
    departmentId,
    stage,
    revision,
    at,
    ...details(event),
  };
}

function details(event: MachineEvent): object {
  if (event.type === 'vms.status_changed') {
    const { power, provisioning } = event.machine;
    return { power, provisioning };
  }
  if (!('creation' in event)) return {};
  const { creation, log } = event;
  const stage = creation.stages.find((record) => record.stage === event.stage);
  const message = log.at(-1)?.text ?? stage?.message ?? creation.waitingFor;
  return {
    state: creation.state,
    ...(message && { message }),
    ...(stage?.progress != null && { progress: stage.progress }),
    ...(creation.error !== null && { error: creation.error }),
    ...(creation.undone.length > 0 && { undone: creation.undone }),
  };
}
