import type { Creation, LogLine } from '../../../src-contract/model/creation.ts';
import type { Finding } from '../../../src-contract/model/error.ts';
import type { FilterOwner } from '../../../src-contract/model/filter.ts';
import type { ProvisioningState } from '../../../src-contract/model/machine.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import type { Stage } from '../../../src-contract/model/stage.ts';
import type { MachineSpec } from '../domain/machine-spec.ts';
import type { AuditRepository } from './audit-repository.ts';
import type { CpuClaimRepository } from './cpu-claims-repository.ts';
import type { DepartmentRepository } from './department-repository.ts';
import type { FilterRepository } from './filter-repository.ts';
import type { GpuClaimRepository } from './gpu-claims-repository.ts';
import type { MachineConfigRepository } from './machine-configs-repository.ts';
import type { MetricsRepository } from './metrics-repository.ts';
import type { ProcessIdentity } from './system.ts';
import type { TemplateRepository } from './template-repository.ts';

/** What Berth remembers of a machine; power state is libvirt's. */
export interface MachineRecord {
  id: string;
  name: string;
  domainName: string;
  domainUuid: string;
  departmentId: string;
  templateId: string;
  creationId: string;
  osLabel: string | null;
  provisioning: ProvisioningState;
  notes: Finding[];
  deleteFailed: boolean;
  createdAt: number;
  /** What it holds of its department's quota, whether it runs or not. */
  vcpus: number;
  memoryBytes: number;
  diskBytes: number;
  /** User of this host; empty when not known. */
  createdBy: string;
}

/** Resources that a creation has claimed and others may not. Dropped when the machine runs or the creation ends. */
export interface Reservation {
  creationId: string;
  machineId: string;
  /**
   * `waiting` in the queue: name, quota and disk are claimed, memory is not; `working` in a slot; `holding`:
   * without a slot, but what it made could not be undone yet.
   */
  state: 'waiting' | 'working' | 'holding';
  memoryBytes: number;
  vcpus: number;
  diskBytes: number;
  pool: string;
}

/** Everything here is synchronous (SQLite) and its transactions are short. Rejections: BerthError `database_*`. */
export interface MachineRepository {
  list(): MachineRecord[];
  get(id: string): MachineRecord | null;
  getByDomainUuid(uuid: string): MachineRecord | null;
  /** A machine that was not made by a creation. Throws `name_taken`. */
  insert(machine: MachineRecord): void;
  /** Fields that may change after creation. Throws `name_taken`. */
  update(
    id: string,
    change: Partial<
      Pick<
        MachineRecord,
        | 'name'
        | 'domainName'
        | 'provisioning'
        | 'notes'
        | 'deleteFailed'
        | 'vcpus'
        | 'memoryBytes'
        | 'diskBytes'
      >
    >,
  ): void;
  /** Makes a MAC address the machine's own; false when another machine has it. */
  claimMac(id: string, mac: string): boolean;
  remove(id: string): void;
  /** Volumes that belong to the machine, to be removed with it. */
  volumes(id: string): MachineVolume[];
  addVolume(id: string, volume: MachineVolume): void;
  removeVolume(id: string, pool: string, name: string): void;
}

export interface MachineVolume {
  pool: string;
  name: string;
  role: 'disk' | 'seed' | 'kernel' | 'initrd';
}

export interface ReservationRepository {
  /**
   * In one immediate transaction: claims the name (`name_taken` when another machine has it, compared
   * NFC-normalised and without case), inserts the machine record and the reservation, and re-checks
   * memory and disk against what all other reservations hold through `admit`, which throws to refuse.
   */
  reserve(
    machine: MachineRecord,
    reservation: Reservation,
    admit: (others: Reservation[]) => void,
  ): void;
  list(): Reservation[];
  /** In one immediate transaction: makes a waiting reservation a working one if `decide` allows it; false when not, or when it is gone. */
  admit(creationId: string, decide: (others: Reservation[]) => boolean): boolean;
  /** Gives the slot back and keeps the claim. */
  hold(creationId: string): void;
  /** Drops the claim on resources; the machine record stays. */
  release(creationId: string): void;
}

/** A creation with what only the core may see. */
export interface CreationRow {
  creation: Creation;
  owner: ProcessIdentity;
  spec: MachineSpec | null;
}

export interface CreationRepository {
  insert(row: CreationRow, secret: Uint8Array | null): void;
  /** Stores the creation with its revision increased and returns it. */
  save(creation: Creation): Creation;
  saveSpec(id: string, spec: MachineSpec): void;
  /** Makes the caller the owner if the row's owner is still `expected`; false when another was faster. */
  takeOver(id: string, expected: ProcessIdentity, owner: ProcessIdentity): boolean;
  get(id: string): CreationRow | null;
  list(): Creation[];
  /** Rows that are not in a terminal state, oldest first. */
  open(): CreationRow[];
  secret(id: string): Uint8Array | null;
  clearSecret(id: string): void;
  requestCancel(id: string): void;
  isCancelRequested(id: string): boolean;
  remove(id: string): void;
  appendLog(id: string, lines: LogLine[]): void;
  log(id: string): LogLine[];
  /** Median seconds per stage of the last completed creations of a template. */
  typicalSeconds(templateId: string): number | null;
}

/** An outside side effect: exactly what, so that whoever reads it can find and undo it. */
export type Effect =
  | { kind: 'pool'; name: string; path: string }
  | { kind: 'volume'; pool: string; name: string; role: MachineVolume['role'] }
  | { kind: 'domain'; uuid: string; name: string; machineId: string }
  | { kind: 'nwfilter'; name: string; uuid: string; owner: FilterOwner };

export interface JournalEntry {
  id: number;
  creationId: string;
  stage: Stage;
  effect: Effect;
  state: 'intended' | 'done' | 'undone' | 'leftover';
}

export interface Journal {
  /** Written (and on disk) before the act. */
  intend(creationId: string, stage: Stage, effect: Effect): number;
  mark(id: number, state: 'done' | 'undone' | 'leftover'): void;
  entries(creationId: string): JournalEntry[];
  /** All creations' entries that are not undone. */
  remaining(): JournalEntry[];
}

export interface MediaRepository {
  list(): Media[];
  get(id: string): Media | null;
  save(media: Media): void;
  remove(id: string): void;
}

/** Small persistent values: probe results by boot id, the last user name. */
export interface SettingsRepository {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export interface Store {
  departments: DepartmentRepository;
  machines: MachineRepository;
  reservations: ReservationRepository;
  creations: CreationRepository;
  journal: Journal;
  media: MediaRepository;
  settings: SettingsRepository;
  audit: AuditRepository;
  metrics: MetricsRepository;
  cpuClaims: CpuClaimRepository;
  gpuClaims: GpuClaimRepository;
  filters: FilterRepository;
  machineConfigs: MachineConfigRepository;
  templates: TemplateRepository;
  /** Calls back when another process has committed to the same database. */
  onForeignChange(listener: () => void): () => void;
  /** Messages for the person, such as a restored backup. */
  notices: string[];
  close(): void;
}
