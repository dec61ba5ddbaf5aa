import type { Application } from '../../../src-contract/model/application.ts';
import type { CreateRequest } from '../../../src-contract/model/create-request.ts';
import type { Creation } from '../../../src-contract/model/creation.ts';
import type { Media } from '../../../src-contract/model/media.ts';
import type { Template } from '../../../src-contract/model/template.ts';
import { createCreationService } from '../../../src-main/core/creation/index.ts';
import type { CreationService } from '../../../src-main/core/creation/service.ts';
import { inputDefaults, templateDefaults } from '../../fakes/defaults.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeHost, GIB } from '../../fakes/fake-host.ts';
import { FakeHypervisor } from '../../fakes/fake-hypervisor.ts';
import { FakeMedia } from '../../fakes/fake-media.ts';
import { FakeDatabase, FakeStore } from '../../fakes/fake-store.ts';
import { FakeEvents, FakeIds, FakeLog, FakeSecrets, FakeSystem } from '../../fakes/fake-system.ts';

export const PASSWORD = 'correct horse battery';
export const POOL = 'berth';

const BASE = {
  ...templateDefaults,
  description: '',
  os: { family: 'linux', label: 'Linux' },
  vcpus: 2,
  memoryBytes: 2 * GIB,
  diskBytes: 20 * GIB,
  firmware: 'bios',
  tpm: false,
  video: 'virtio',
  audio: false,
  network: { kind: 'auto' },
  active: true,
  builtIn: true,
  typicalSeconds: 30,
} as const;

export const TEMPLATES: Template[] = [
  {
    ...BASE,
    id: 'tryout',
    name: 'Try-out',
    source: { kind: 'tryout' },
    login: 'none',
    readiness: 'progress',
  },
  {
    ...BASE,
    id: 'image',
    name: 'Cloud image',
    source: { kind: 'image', mediaId: 'debian' },
    login: 'cloud-init',
    readiness: 'progress',
  },
  {
    ...BASE,
    id: 'blank',
    name: 'Empty',
    source: { kind: 'blank' },
    login: 'none',
    readiness: 'none',
  },
];

export const IMAGE: Media = {
  id: 'debian',
  name: 'Debian',
  kind: 'image',
  format: 'qcow2',
  state: 'ready',
  virtualBytes: 2 * GIB,
  fileBytes: GIB,
  sha256: null,
  pool: 'images',
  volume: 'debian.qcow2',
  origin: 'debian.qcow2',
  progress: null,
  error: null,
  usedBy: 0,
  addedAt: 0,
};

export const request = (
  templateId: string,
  name = 'one',
  more: Partial<CreateRequest> = {},
): CreateRequest => ({
  ...inputDefaults,
  templateId,
  name,
  ...(templateId === 'image' && { password: PASSWORD, user: 'alice' }),
  ...more,
});

/** One process of Berth on the bench. */
export class TestProcess {
  readonly bench: TestBench;
  readonly pid: number;
  readonly hypervisor: FakeHypervisor;
  readonly store: FakeStore;
  readonly media = new FakeMedia();
  readonly events = new FakeEvents();
  readonly log = new FakeLog();
  readonly system: FakeSystem;
  readonly changedMachines: string[] = [];
  readonly service: CreationService;
  templates = TEMPLATES;
  applications: Application[] = [];

  constructor(bench: TestBench, pid: number, slots: number) {
    this.bench = bench;
    this.pid = pid;
    this.hypervisor = new FakeHypervisor(bench.host);
    this.store = new FakeStore(bench.database);
    this.system = new FakeSystem(bench.host, pid, bench.alive);
    this.service = createCreationService({
      hypervisor: this.hypervisor,
      store: this.store,
      media: this.media,
      secrets: new FakeSecrets(),
      system: this.system,
      clock: bench.clock,
      ids: new FakeIds(pid * 0x1000),
      log: this.log,
      events: this.events,
      templates: () => this.templates,
      applications: () => this.applications,
      hostFacts: (signal) => this.hypervisor.connect(signal ? { signal } : {}),
      machineChanged: (machineId) => this.changedMachines.push(machineId),
      config: {
        pool: POOL,
        slots,
        memoryOvercommit: 1,
        memoryCounts: 'running',
        resumesQueued: bench.resumesQueued,
        graphicsListen: 'loopback',
      },
    });
  }

  /** As SIGKILL does it: nothing of it runs any more. */
  kill(): void {
    this.hypervisor.kill();
    this.store.kill();
    this.bench.alive.delete(String(this.pid));
  }

  until(creationId: string, until: 'running' | 'ready'): Promise<Creation> {
    return this.bench.clock.run(this.service.settled(creationId, until));
  }

  /** Everything that this process said to anybody, for finding secrets in it. */
  said(): string {
    return JSON.stringify([this.events.all, this.log.lines, this.service.list()]);
  }
}

/** A host with an image pool, a database, and processes that come and go. */
export class TestBench {
  readonly clock = new FakeClock();
  readonly host = new FakeHost();
  readonly database = new FakeDatabase();
  readonly alive = new Set<string>();
  readonly before: string[];
  /** For processes made after it was set. */
  resumesQueued = false;
  #pid = 1;

  constructor() {
    this.host.addVolume(IMAGE.pool, IMAGE.volume, IMAGE.virtualBytes);
    this.database.media.set(IMAGE.id, structuredClone(IMAGE));
    this.before = this.host.existing();
  }

  process(slots = 5): TestProcess {
    return new TestProcess(this, this.#pid++, slots);
  }

  /** What is outside the database beyond what was there at first. */
  leftovers(): string[] {
    return this.host.existing().filter((thing) => !this.before.includes(thing));
  }

  domainUuid(): string {
    const [domain] = this.host.domains.values();
    if (domain === undefined) throw new Error('there is no domain');
    return domain.uuid;
  }
}
