import {
  type Creation,
  type LogLine,
  TERMINAL_CREATION_STATES,
} from '../../src-contract/model/creation.ts';
import type { Media } from '../../src-contract/model/media.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import type { DepartmentRecord } from '../../src-main/core/ports/department-repository.ts';
import type { FilterRecord } from '../../src-main/core/ports/filter-repository.ts';
import type { GpuClaim } from '../../src-main/core/ports/gpu-claims-repository.ts';
import type { MachineConfig } from '../../src-main/core/ports/machine-configs-repository.ts';
import type {
  CreationRow,
  JournalEntry,
  MachineRecord,
  MachineVolume,
  Reservation,
  Store,
} from '../../src-main/core/ports/repositories.ts';
import type { ProcessIdentity } from '../../src-main/core/ports/system.ts';
import { fakeCpuClaims, forgetCpus } from './fake-cpu-claims.ts';
import { fakeDepartments, personal } from './fake-departments.ts';
import { fakeFilters } from './fake-filters.ts';
import { fakeGpuClaims, forgetGpus } from './fake-gpus.ts';
import { FakeHistory, fakeAudit, fakeMetrics } from './fake-history.ts';
import { fakeMachineConfigs } from './fake-machine-configs.ts';
import { FakeTemplateTables, fakeTemplates } from './fake-templates.ts';

const copy = structuredClone;
const key = (name: string): string => name.normalize('NFC').toLowerCase();

interface StoredCreation {
  row: CreationRow;
  secret: Uint8Array | null;
  cancel: boolean;
  log: LogLine[];
}

/** What is on disk; several processes may open it. */
export class FakeDatabase {
  readonly departments = new Map<string, DepartmentRecord>([['personal', personal()]]);
  readonly machines = new Map<string, MachineRecord>();
  readonly macs = new Map<string, string>();
  readonly volumes = new Map<string, MachineVolume[]>();
  readonly reservations = new Map<string, Reservation>();
  readonly creations = new Map<string, StoredCreation>();
  readonly journal: JournalEntry[] = [];
  readonly media = new Map<string, Media>();
  readonly settings = new Map<string, string>();
  readonly history = new FakeHistory();
  readonly cpuClaims = new Map<number, string>();
  readonly gpuClaims = new Map<string, GpuClaim>();
  readonly filters = new Map<string, FilterRecord>();
  readonly machineConfigs = new Map<string, MachineConfig>();
  readonly templates = new FakeTemplateTables();
  readonly stores = new Set<FakeStore>();
  typical: number | null = null;
}

/** Called with `repository.method` after every write; may throw or kill the process. */
export type StoreHook = (method: string) => void;

/** One process's handle. After `kill` every use throws. */
export class FakeStore implements Store {
  readonly database: FakeDatabase;
  readonly departments: Store['departments'];
  readonly cpuClaims: Store['cpuClaims'];
  readonly gpuClaims: Store['gpuClaims'];
  readonly filters: Store['filters'];
  readonly machineConfigs: Store['machineConfigs'];
  readonly templates: Store['templates'];
  readonly notices: string[] = [];
  readonly #listeners = new Set<() => void>();
  hook: StoreHook | null = null;
  writes = 0;
  #dead = false;

  constructor(database: FakeDatabase) {
    this.database = database;
    this.departments = fakeDepartments({
      database,
      read: (value) => this.#read(value),
      write: (method, act) => this.#write(method, act),
    });
    this.filters = fakeFilters({
      filters: database.filters,
      read: (value) => this.#read(value),
      write: (method, act) => this.#write(method, act),
    });
    this.templates = fakeTemplates({
      tables: database.templates,
      read: (value) => this.#read(value),
      write: (method, act) => this.#write(method, act),
    });
    this.machineConfigs = fakeMachineConfigs({
      machines: database.machines,
      configs: database.machineConfigs,
      read: (value) => this.#read(value),
      write: (method, act) => this.#write(method, act),
    });
    this.cpuClaims = fakeCpuClaims(database.cpuClaims, (method, act) => this.#write(method, act));
    this.gpuClaims = fakeGpuClaims(database.gpuClaims, (method, act) => this.#write(method, act));
    database.stores.add(this);
  }

  kill(): void {
    this.#dead = true;
    this.#listeners.clear();
  }

  close(): void {
    this.database.stores.delete(this);
  }

  onForeignChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read<T>(value: T): T {
    if (this.#dead) throw new Error('the process is dead');
    return copy(value);
  }

  #write<T>(method: string, act: () => T): T {
    if (this.#dead) throw new Error('the process is dead');
    const result = act();
    this.writes++;
    for (const other of this.database.stores) {
      if (other !== this) for (const tell of other.#listeners) queueMicrotask(tell);
    }
    this.hook?.(method);
    return copy(result);
  }

  readonly machines: Store['machines'] = {
    list: () => this.#read([...this.database.machines.values()]),
    get: (id) => this.#read(this.database.machines.get(id) ?? null),
    getByDomainUuid: (uuid) =>
      this.#read([...this.database.machines.values()].find((m) => m.domainUuid === uuid) ?? null),
    insert: (machine) =>
      this.#write('machines.insert', () => {
        this.#refuseTaken(machine);
        this.database.machines.set(machine.id, copy(machine));
      }),
    update: (id, change) =>
      this.#write('machines.update', () => {
        const machine = this.database.machines.get(id);
        if (machine) this.#refuseTaken({ ...machine, ...change });
        if (machine) this.database.machines.set(id, { ...machine, ...copy(change) });
      }),
    claimMac: (id, mac) =>
      this.#write('machines.claimMac', () => {
        const taken = [...this.database.macs].some(([owner, used]) => owner !== id && used === mac);
        if (!taken) this.database.macs.set(id, mac);
        return !taken;
      }),
    remove: (id) =>
      this.#write('machines.remove', () => {
        this.database.machines.delete(id);
        this.database.macs.delete(id);
        this.database.volumes.delete(id);
        this.database.machineConfigs.delete(id);
        forgetCpus(this.database.cpuClaims, id);
        forgetGpus(this.database.gpuClaims, id);
        for (const [creationId, { machineId }] of this.database.reservations) {
          if (machineId === id) this.database.reservations.delete(creationId);
        }
      }),
    volumes: (id) => this.#read(this.database.volumes.get(id) ?? []),
    addVolume: (id, volume) =>
      this.#write('machines.addVolume', () => {
        const volumes = this.database.volumes.get(id) ?? [];
        this.database.volumes.set(id, [...volumes, copy(volume)]);
      }),
    removeVolume: (id, pool, name) =>
      this.#write('machines.removeVolume', () => {
        const volumes = this.database.volumes.get(id) ?? [];
        const rest = volumes.filter((volume) => volume.pool !== pool || volume.name !== name);
        this.database.volumes.set(id, rest);
      }),
  };

  readonly reservations: Store['reservations'] = {
    reserve: (machine, reservation, admit) =>
      this.#write('reservations.reserve', () => {
        for (const other of this.database.machines.values()) {
          const same = key(other.name) === key(machine.name);
          if (same || other.domainName === machine.domainName) {
            throw new BerthError('name_taken', `There is already a machine called ${other.name}`);
          }
        }
        admit(copy([...this.database.reservations.values()]));
        this.database.machines.set(machine.id, copy(machine));
        this.database.reservations.set(reservation.creationId, copy(reservation));
      }),
    list: () => this.#read([...this.database.reservations.values()]),
    admit: (creationId, decide) =>
      this.#write('reservations.admit', () => {
        const own = this.database.reservations.get(creationId);
        const others = [...this.database.reservations.values()].filter((one) => one !== own);
        if (own?.state !== 'waiting' || !decide(copy(others))) return false;
        own.state = 'working';
        return true;
      }),
    hold: (creationId) =>
      this.#write('reservations.hold', () => {
        const own = this.database.reservations.get(creationId);
        if (own) own.state = 'holding';
      }),
    release: (creationId) =>
      this.#write('reservations.release', () => {
        this.database.reservations.delete(creationId);
      }),
  };

  readonly creations: Store['creations'] = {
    insert: (row, secret) =>
      this.#write('creations.insert', () => {
        const stored = { row: copy(row), secret, cancel: false, log: [] };
        this.database.creations.set(row.creation.id, stored);
      }),
    save: (creation) =>
      this.#write('creations.save', () => {
        const stored = this.#stored(creation.id);
        stored.row.creation = { ...copy(creation), revision: stored.row.creation.revision + 1 };
        stored.cancel ||= creation.cancelRequested;
        return view(stored);
      }),
    saveSpec: (id, spec) =>
      this.#write('creations.saveSpec', () => {
        this.#stored(id).row.spec = copy(spec);
      }),
    takeOver: (id, expected, owner) =>
      this.#write('creations.takeOver', () => {
        const stored = this.#stored(id);
        if (!sameProcess(stored.row.owner, expected)) return false;
        stored.row.owner = copy(owner);
        return true;
      }),
    get: (id) => {
      const stored = this.database.creations.get(id);
      return this.#read(stored ? { ...stored.row, creation: view(stored) } : null);
    },
    list: () => this.#read([...this.database.creations.values()].map(view)),
    open: () =>
      this.#read(
        [...this.database.creations.values()]
          .map((stored) => ({ ...stored.row, creation: view(stored) }))
          .filter(({ creation }) => !TERMINAL_CREATION_STATES.includes(creation.state)),
      ),
    secret: (id) => this.#read(this.database.creations.get(id)?.secret ?? null),
    clearSecret: (id) =>
      this.#write('creations.clearSecret', () => {
        const stored = this.database.creations.get(id);
        if (stored) stored.secret = null;
      }),
    requestCancel: (id) =>
      this.#write('creations.requestCancel', () => {
        this.#stored(id).cancel = true;
      }),
    isCancelRequested: (id) => this.#read(this.database.creations.get(id)?.cancel ?? false),
    remove: (id) =>
      this.#write('creations.remove', () => {
        this.database.creations.delete(id);
        const rest = this.database.journal.filter(({ creationId }) => creationId !== id);
        this.database.journal.splice(0, this.database.journal.length, ...rest);
      }),
    appendLog: (id, lines) =>
      this.#write('creations.appendLog', () => {
        this.#stored(id).log.push(...copy(lines));
      }),
    log: (id) => this.#read(this.database.creations.get(id)?.log ?? []),
    typicalSeconds: () => this.#read(this.database.typical),
  };

  readonly journal: Store['journal'] = {
    intend: (creationId, stage, effect) =>
      this.#write('journal.intend', () => {
        this.#stored(creationId);
        const id = this.database.journal.length + 1;
        const state = 'intended' as const;
        this.database.journal.push({ id, creationId, stage, effect: copy(effect), state });
        return id;
      }),
    mark: (id, state) =>
      this.#write('journal.mark', () => {
        const entry = this.database.journal.find((one) => one.id === id);
        if (entry) entry.state = state;
      }),
    remaining: () => this.#read(this.database.journal.filter(({ state }) => state !== 'undone')),
    entries: (creationId) =>
      this.#read(this.database.journal.filter((entry) => entry.creationId === creationId)),
  };

  readonly media: Store['media'] = {
    list: () => this.#read([...this.database.media.values()]),
    get: (id) => this.#read(this.database.media.get(id) ?? null),
    save: (media) =>
      this.#write('media.save', () => {
        this.database.media.set(media.id, copy(media));
      }),
    remove: (id) =>
      this.#write('media.remove', () => {
        this.database.media.delete(id);
      }),
  };

  readonly settings: Store['settings'] = {
    get: (name) => this.#read(this.database.settings.get(name) ?? null),
    set: (name, value) =>
      this.#write('settings.set', () => {
        this.database.settings.set(name, value);
      }),
  };

  readonly audit = fakeAudit(
    () => this.database.history,
    (value) => this.#read(value),
    (method, act) => this.#write(method, act),
  );
  readonly metrics = fakeMetrics(
    () => this.database.history,
    (value) => this.#read(value),
    (method, act) => this.#write(method, act),
  );

  #refuseTaken({ id, name, domainName }: MachineRecord): void {
    for (const other of this.database.machines.values()) {
      if (other.id === id) continue;
      if (key(other.name) === key(name) || other.domainName === domainName) {
        throw new BerthError('name_taken', `There is already a machine called ${other.name}`);
      }
    }
  }

  #stored(id: string): StoredCreation {
    const stored = this.database.creations.get(id);
    if (stored === undefined) throw new BerthError('creation_missing', 'no such creation');
    return stored;
  }
}

function view(stored: StoredCreation): Creation {
  const { creation } = stored.row;
  return { ...creation, cancelRequested: stored.cancel, hasSecret: stored.secret !== null };
}

function sameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
}
