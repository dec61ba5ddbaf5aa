import type { Finding } from '../../../src-contract/model/error.ts';
import type { Machine, PowerState } from '../../../src-contract/model/machine.ts';
import type { Stage } from '../../../src-contract/model/stage.ts';
import type { RawEvent } from '../ports/event-sink.ts';
import type { DomainFacts } from '../ports/hypervisor.ts';
import type { MachineRecord } from '../ports/repositories.ts';

/** What lifecycle knows of a machine besides its record and its domain; lost when the process ends. */
export interface Overlay {
  /** A transition that was asked for and that libvirt has not told yet. */
  pending: PowerState | null;
  addresses: string[];
  notes: Finding[];
}

export const NO_OVERLAY: Overlay = { pending: null, addresses: [], notes: [] };

const MISSING: Finding = {
  code: 'domain_missing',
  severity: 'error',
  message: 'libvirt has no domain for this machine any more; another tool may have removed it.',
  hint: 'Delete the machine to remove its disks as well.',
};

const DELETE_FAILED: Finding = {
  code: 'delete_failed',
  severity: 'error',
  message: 'Deleting this machine did not finish.',
  hint: 'Delete it again to remove what is left.',
};

/** `listed` = whether libvirt's list is known, so that a missing domain is a fact. The revision is stamped by the hub. */
export function recordRow(
  record: MachineRecord,
  facts: DomainFacts | undefined,
  overlay: Overlay,
  listed: boolean,
): Machine {
  const notes = [...record.notes, ...overlay.notes];
  if (facts === undefined && listed) notes.push(MISSING);
  if (record.deleteFailed) notes.push(DELETE_FAILED);
  return {
    id: record.id,
    name: record.name,
    domainName: facts?.name ?? record.domainName,
    domainUuid: record.domainUuid,
    origin: 'berth',
    departmentId: record.departmentId,
    templateId: record.templateId,
    creationId: record.creationId,
    osLabel: record.osLabel,
    power: overlay.pending ?? facts?.power ?? 'off',
    provisioning: record.provisioning,
    vcpus: facts?.vcpus ?? 0,
    memoryBytes: facts?.memoryBytes ?? 0,
    graphics: facts?.graphics ?? 'none',
    addresses: overlay.addresses,
    notes,
    deleteFailed: record.deleteFailed,
    createdAt: record.createdAt,
    revision: 0,
  };
}

/** The row of another tool's domain. */
export function externalRow(facts: DomainFacts, overlay: Overlay): Machine {
  return {
    id: facts.uuid,
    name: facts.title ?? facts.name,
    domainName: facts.name,
    domainUuid: facts.uuid,
    origin: 'external',
    departmentId: facts.metadata?.departmentId ?? 'personal',
    templateId: facts.metadata?.templateId ?? null,
    creationId: null,
    osLabel: facts.osinfoId,
    power: overlay.pending ?? facts.power,
    provisioning: 'none',
    vcpus: facts.vcpus,
    memoryBytes: facts.memoryBytes,
    graphics: facts.graphics,
    addresses: overlay.addresses,
    notes: overlay.notes,
    deleteFailed: false,
    createdAt: null,
    revision: 0,
  };
}

/** Whether two rows say the same, whatever their revisions. */
export function sameRow(a: Machine, b: Machine): boolean {
  return JSON.stringify({ ...a, revision: 0 }) === JSON.stringify({ ...b, revision: 0 });
}

const PROVISIONING_STAGE: Partial<Record<Machine['provisioning'], Stage>> = {
  installing: 'install',
  'first-boot': 'first-boot',
  ready: 'ready',
};

export function statusChanged(machine: Machine): RawEvent {
  return { type: 'vms.status_changed', ...subject(machine), machine };
}

export function removed(machine: Machine): RawEvent {
  return { type: 'vms.removed', ...subject(machine) };
}

function subject(machine: Machine) {
  return {
    creationId: machine.creationId,
    machineId: machine.id,
    name: machine.name,
    departmentId: machine.departmentId,
    stage: PROVISIONING_STAGE[machine.provisioning] ?? null,
  };
}
