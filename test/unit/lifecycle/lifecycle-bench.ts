import type { Creation } from '../../../src-contract/model/creation.ts';
import type { BerthEvent } from '../../../src-contract/model/events.ts';
import { filtering } from '../../../src-main/core/creation/index.ts';
import { AddressBook } from '../../../src-main/core/lifecycle/addresses.ts';
import { HostLink } from '../../../src-main/core/lifecycle/host.ts';
import { Hub } from '../../../src-main/core/lifecycle/hub.ts';
import { KeyedQueue } from '../../../src-main/core/lifecycle/keyed-queue.ts';
import { MachineConfigs } from '../../../src-main/core/lifecycle/machine-configs.ts';
import { MachineLibrary } from '../../../src-main/core/lifecycle/machines.ts';
import { MediaLibrary } from '../../../src-main/core/lifecycle/media-library.ts';
import { PowerService } from '../../../src-main/core/lifecycle/power.ts';
import { createLifecycle } from '../../../src-main/core/lifecycle/services.ts';
import type { MachineRecord, MachineVolume } from '../../../src-main/core/ports/repositories.ts';
import type { StaleFile } from '../../../src-main/core/ports/stale-files.ts';
import { inputDefaults } from '../../fakes/defaults.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { type FakeDomain, FakeHost } from '../../fakes/fake-host.ts';
import { FakeHypervisor } from '../../fakes/fake-hypervisor.ts';
import { FakeMedia } from '../../fakes/fake-media.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeIds, FakeLog, FakeSecrets, FakeSystem } from '../../fakes/fake-system.ts';

/** Machines of one process on a fake host, with stand-ins for the creations. */
export class LifecycleBench {
  readonly clock = new FakeClock();
  readonly host = new FakeHost();
  readonly database = new FakeDatabase();
  readonly alive = new Set<string>();
  readonly store = new FakeStore(this.database);
  readonly hypervisor = new FakeHypervisor(this.host);
  readonly system = new FakeSystem(this.host, 1, this.alive);
  readonly builder = new FakeMedia();
  readonly log = new FakeLog();
  readonly hub = new Hub(this.clock, this.log);
  readonly events: BerthEvent[] = [];
  readonly queue = new KeyedQueue();
  readonly library = new MachineLibrary({
    hypervisor: this.hypervisor,
    store: this.store,
    hub: this.hub,
    log: this.log,
  });
  readonly link = new HostLink({
    hypervisor: this.hypervisor,
    library: this.library,
    hub: this.hub,
    clock: this.clock,
    log: this.log,
  });
  readonly addresses = new AddressBook({
    hypervisor: this.hypervisor,
    library: this.library,
    hub: this.hub,
    clock: this.clock,
    log: this.log,
  });
  readonly power = new PowerService({
    hypervisor: this.hypervisor,
    library: this.library,
    store: this.store,
    queue: this.queue,
    clock: this.clock,
    hub: this.hub,
    secure: async (id) => {
      const machine = this.store.machines.get(id);
      if (machine) await filtering.secureMachine({ ...this, ids: new FakeIds() }, machine);
    },
  });
  readonly cancelled: string[] = [];
  readonly configs = new MachineConfigs({
    hypervisor: this.hypervisor,
    store: this.store,
    secrets: new FakeSecrets(),
    clock: this.clock,
    log: this.log,
  });
  /** Where QEMU cannot pass. */
  blocked: { folder: string; user: string } | null = null;
  readonly staleFiles: StaleFile[] = [];
  readonly media = new MediaLibrary({
    hypervisor: this.hypervisor,
    store: this.store,
    builder: this.builder,
    system: this.system,
    clock: this.clock,
    ids: new FakeIds(),
    log: this.log,
    hub: this.hub,
    pool: 'berth',
  });
  readonly lifecycle = createLifecycle({
    hypervisor: this.hypervisor,
    library: this.library,
    store: this.store,
    configs: this.configs,
    media: this.media,
    power: this.power,
    clock: this.clock,
    ids: new FakeIds(),
    system: this.system,
    pool: 'berth',
    hostFacts: async () => this.host.facts,
    staleFiles: {
      list: async () => this.staleFiles,
      remove: async (path) => {
        const at = this.staleFiles.findIndex((one) => one.path === path);
        this.staleFiles.splice(at, 1);
      },
    },
    creations: {
      cancel: async (id) => {
        this.cancelled.push(id);
        this.onCancel(id);
      },
      settled: async (id) => this.creation(id),
    },
    queue: this.queue,
    log: this.log,
  });
  readonly delete = this.lifecycle.delete;
  onCancel: (creationId: string) => void = () => undefined;

  constructor() {
    this.hub.subscribe((event) => this.events.push(event));
  }

  /** A machine of Berth with its domain and volumes. */
  addMachine(name: string, options: Partial<FakeDomain> = {}, volumes: MachineVolume[] = []) {
    const id = `id-${name}`;
    const domain = this.host.addDomain(name, {
      metadata: {
        machineId: id,
        creationId: `creation-${name}`,
        templateId: 'blank',
        departmentId: 'personal',
        schemaVersion: 1,
      },
      ...options,
    });
    this.addRecord(name, domain.uuid);
    this.database.volumes.set(id, volumes);
    for (const volume of volumes) this.host.addVolume(volume.pool, volume.name, 1024);
    return domain;
  }

  addRecord(name: string, domainUuid: string, change: Partial<MachineRecord> = {}): void {
    this.database.machines.set(`id-${name}`, {
      id: `id-${name}`,
      name,
      domainName: name,
      domainUuid,
      departmentId: 'personal',
      templateId: 'blank',
      creationId: `creation-${name}`,
      osLabel: 'Linux',
      provisioning: 'none',
      notes: [],
      deleteFailed: false,
      createdAt: 1,
      vcpus: 1,
      memoryBytes: 1024,
      diskBytes: 1024,
      createdBy: 'alice',
      ...change,
    });
  }

  addCreation(name: string, state: Creation['state'], change: Partial<Creation> = {}): Creation {
    const creation: Creation = {
      id: `creation-${name}`,
      machineId: `id-${name}`,
      name,
      templateId: 'blank',
      departmentId: 'personal',
      state,
      stage: 'storage',
      stages: [],
      input: { ...inputDefaults, templateId: 'blank', name },
      hasSecret: false,
      notes: [],
      error: null,
      undone: [],
      cancelRequested: false,
      waitingFor: null,
      queuePlace: null,
      applications: [],
      createdAt: 1,
      startedAt: 1,
      endedAt: null,
      revision: 1,
      ...change,
    };
    this.store.creations.insert({ creation, owner: this.system.self(), spec: null }, null);
    return creation;
  }

  creation(id: string): Creation {
    const row = this.store.creations.get(id);
    if (row === null) throw new Error(`no creation ${id}`);
    return row.creation;
  }

  types(): string[] {
    return this.events.map((event) => event.type);
  }

  close(): void {
    this.addresses.close();
    this.power.close();
    this.configs.close();
    this.lifecycle.reconciler.close();
    this.link.close();
  }
}
