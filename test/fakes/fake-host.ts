import type { PowerState } from '../../src-contract/model/machine.ts';
import type { PciFacts } from '../../src-main/core/domain/pci.ts';
import type { HostTopology } from '../../src-main/core/domain/topology.ts';
import type {
  DomainFacts,
  DomainMetadata,
  HostAbilities,
  HostFacts,
  HypervisorEvent,
  NetworkFacts,
  VolumeFacts,
} from '../../src-main/core/ports/hypervisor.ts';

import { FakeNetworking } from './fake-filters.ts';
import { fakeTopology } from './fake-topology.ts';

export const GIB = 1024 ** 3;

export interface FakeVolume {
  facts: VolumeFacts;
  content: Uint8Array[];
  backing: string | null;
}

export interface FakePool {
  active: boolean;
  path: string;
  capacityBytes: number;
  availableBytes: number;
  /** What others have taken since libvirt has read the pool. */
  unseenBytes: number;
  volumes: Map<string, FakeVolume>;
}

export interface FakeDomain {
  uuid: string;
  name: string;
  title: string | null;
  power: PowerState;
  memoryBytes: number;
  vcpus: number;
  metadata: DomainMetadata | null;
  xml: string;
  media: Map<string, string>;
  /** Sizes of the running one, where the definition has others by now. */
  live?: { vcpus: number; memoryBytes: number };
  /** Targets of disks that the running one got. */
  liveDisks?: string[];
  pinnedCpus?: number[];
  hostDevices?: string[];
}

/** What libvirtd and the disks hold, whoever is connected. Survives its clients. */
export class FakeHost {
  readonly pools = new Map<string, FakePool>();
  readonly domains = new Map<string, FakeDomain>();
  readonly networks: NetworkFacts[] = [
    { name: 'default', active: true, bridge: 'virbr0', forward: 'nat' },
  ];
  readonly networking = new FakeNetworking();
  readonly guests = new Map<string, FakeGuest>();
  /** By path; libvirt's folders of firmware settings and TPM states. */
  readonly leftFiles = new Map<
    string,
    { of: string; kind: 'firmware' | 'tpm'; modifiedAt: number }
  >();
  readonly listeners = new Set<(event: HypervisorEvent) => void>();
  freeBytes: number | null = 200 * GIB;
  /** What each running domain has written. */
  written = 0;
  totalBytes = 400 * GIB;
  availableMemoryBytes = 16 * GIB;
  down = false;
  /** Whether guest agents answer. */
  agent = false;

  facts: HostFacts = {
    uri: 'test:///fake',
    scope: 'system',
    hostname: 'host',
    libvirtVersion: '9.0.0',
    hypervisorVersion: 'QEMU 7.2.0',
    cpus: 8,
    memoryBytes: 32 * GIB,
  };

  topology: HostTopology | null = fakeTopology({ cores: 4, threads: 2 });

  pci: PciFacts = { devices: [], kernel: null };

  abilities: HostAbilities = {
    kvm: { offered: true, works: true, reason: null },
    emulator: '/usr/bin/qemu-system-x86_64',
    uefi: true,
    uefiSecure: true,
    tpm: true,
    graphics: ['spice', 'vnc'],
    videoModels: ['virtio', 'qxl', 'vga'],
    spiceChannel: true,
    maxVcpus: 64,
    cpuModes: ['host-passthrough', 'host-model', 'maximum'],
    hyperv: null,
    vhostNet: true,
    video3d: false,
  };

  addPool(name: string, options: Partial<FakePool> = {}): FakePool {
    const pool = {
      active: true,
      path: `/pools/${name}`,
      capacityBytes: 300 * GIB,
      availableBytes: 250 * GIB,
      unseenBytes: 0,
      volumes: new Map(),
      ...options,
    };
    this.pools.set(name, pool);
    return pool;
  }

  addVolume(pool: string, name: string, capacityBytes: number, format = 'qcow2'): FakeVolume {
    const holder = this.pools.get(pool) ?? this.addPool(pool);
    const path = `${holder.path}/${name}`;
    const facts = { pool, name, path, format, capacityBytes, allocationBytes: 0, backing: null };
    const volume: FakeVolume = { facts, content: [], backing: null };
    holder.volumes.set(name, volume);
    return volume;
  }

  addDomain(name: string, options: Partial<FakeDomain> = {}): FakeDomain {
    const domain: FakeDomain = {
      uuid: `0000-${name}`,
      name,
      title: null,
      power: 'off',
      memoryBytes: GIB,
      vcpus: 1,
      metadata: null,
      xml: '<domain/>',
      media: new Map(),
      ...options,
    };
    this.domains.set(domain.uuid, domain);
    return domain;
  }

  /** Everything outside of a database, as one sorted list. */
  existing(): string[] {
    const volumes = [...this.pools].flatMap(([pool, { volumes }]) =>
      [...volumes.keys()].map((name) => `volume ${pool}/${name}`),
    );
    const pools = [...this.pools.keys()].map((name) => `pool ${name}`);
    const domains = [...this.domains.values()].map(({ name, power }) => `domain ${name} ${power}`);
    return [...pools, ...volumes, ...domains, ...this.networking.existing()].sort();
  }

  emit(event: HypervisorEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  setPower(domain: FakeDomain, power: PowerState): void {
    domain.power = power;
    if (power === 'off' || power === 'crashed') delete domain.live;
    const { uuid, name } = domain;
    if (power === 'off' || power === 'crashed') this.guests.get(uuid)?.end();
    this.emit({ kind: 'domain-state', uuid, name, power, reason: 'test' });
  }

  /** libvirtd dies, and everybody notices. */
  lose(): void {
    this.down = true;
    for (const guest of this.guests.values()) guest.end();
    this.emit({ kind: 'connection', state: 'lost' });
  }

  restore(): void {
    this.down = false;
    this.emit({ kind: 'connection', state: 'connected' });
  }

  guest(uuid: string): FakeGuest {
    const guest = this.guests.get(uuid);
    if (guest === undefined) throw new Error(`nobody has opened the port of ${uuid}`);
    return guest;
  }

  factsOf(domain: FakeDomain): DomainFacts {
    const { uuid, name, title, power, vcpus, memoryBytes, metadata } = domain;
    const { pinnedCpus = [], hostDevices = [] } = domain;
    const rest = { hostDevices, persistent: true, graphics: 'spice', osinfoId: null } as const;
    return { uuid, name, title, power, vcpus, memoryBytes, metadata, pinnedCpus, ...rest };
  }
}

/** The guest's end of the progress port. */
export class FakeGuest {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #wake = Promise.withResolvers<void>();

  write(data: string | Uint8Array): void {
    this.#chunks.push(typeof data === 'string' ? new TextEncoder().encode(data) : data);
    this.#poke();
  }

  line(report: Record<string, unknown>): void {
    this.write(`${JSON.stringify(report)}\n`);
  }

  ready(): void {
    this.line({ phase: 'ready', pct: 100, message: 'up', t: 3 });
  }

  end(): void {
    this.#ended = true;
    this.#poke();
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#ended) return;
      else await this.#wake.promise;
    }
  }

  #poke(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
