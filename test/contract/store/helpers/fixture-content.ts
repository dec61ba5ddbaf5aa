import type { AuditEntry } from '../../../../src-contract/model/audit.ts';
import type { DepartmentRecord } from '../../../../src-main/core/ports/department-repository.ts';
import type { FilterRecord } from '../../../../src-main/core/ports/filter-repository.ts';
import type { MachineConfig } from '../../../../src-main/core/ports/machine-configs-repository.ts';
import type { Store } from '../../../../src-main/core/ports/repositories.ts';
import { personal } from '../../../fakes/fake-departments.ts';
import { metric } from '../../../fakes/sample-metrics.ts';
import { completed, creation, machine, media, owner, reservation, spec } from './samples.ts';

const pool = { kind: 'pool', name: 'berth', path: '/var/lib/berth' } as const;
const disk = { pool: 'berth', name: 'd.qcow2', role: 'disk' } as const;
const lab: DepartmentRecord = {
  ...personal(),
  id: 'lab',
  name: 'Lab',
  members: [{ kind: 'user', name: 'ada', role: 'owner' }],
};
const labFilter: FilterRecord = {
  owner: { kind: 'department', id: 'lab' },
  name: 'berth-lab',
  uuid: '00000000-0000-4000-8000-00000000000f',
  policy: null,
  appliedXml: null,
  appliedAt: null,
};
const auditEntry: Omit<AuditEntry, 'id'> = {
  at: 6,
  actor: 'ada',
  command: 'creations.start',
  departmentId: 'personal',
  subject: 'm1',
  creationId: 'c1',
  inputs: { name: 'Machine 1' },
  outcome: 'done',
  errorCode: null,
};
const config: MachineConfig = {
  machineId: 'm1',
  domainXml: '<domain/>',
  ownXml: '<domain/>',
  displayProtocol: 'vnc',
  displayEndpoint: null,
  displayPassword: null,
  hostDevices: [],
  savedAt: 8,
};
const logLine = { at: 5, stage: 'storage', level: 'info', text: 'It’s “done”' } as const;

/** Something in every table; each fixture holds it, written by the version of its time. */
export function fill(store: Store): void {
  store.creations.insert(
    { creation: creation(1), owner: owner(1), spec: null },
    new Uint8Array([1, 2]),
  );
  store.creations.insert({ creation: creation(2), owner: owner(1), spec: spec(2) }, null);
  store.reservations.reserve(machine(1), reservation(1), () => undefined);
  store.machines.addVolume('m1', disk);
  store.creations.appendLog('c1', [logLine]);
  store.journal.intend('c1', 'storage', pool);
  store.creations.save(completed(2, { storage: 2, start: 3 }));
  store.media.save(media(1));
  store.settings.set('user', 'ada');
  store.departments.insert(lab);
  store.filters.save(labFilter);
  store.cpuClaims.claim('m1', [3]);
  store.metrics.record(metric(2));
  store.audit.append(auditEntry);
  store.gpuClaims.claim('m1', [{ address: '0000:01:00.0', slot: '0000:01:00' }]);
  store.machineConfigs.save(config);
}
