import { parseMetadata } from '../../src-main/core/domain/domain-metadata.ts';
import type { PciDevice } from '../../src-main/core/domain/pci.ts';
import type { HostTopology } from '../../src-main/core/domain/topology.ts';
import { BerthError } from '../../src-main/core/errors.ts';
import type {
  CallOptions,
  ConsoleEndpoint,
  DomainFacts,
  HostAbilities,
  HostFacts,
  Hypervisor,
  HypervisorEvent,
  NetworkFacts,
  PoolFacts,
  PoolOptions,
  VolumeFacts,
  VolumeSpec,
} from '../../src-main/core/ports/hypervisor.ts';
import { type FakeDomain, FakeGuest, type FakeHost, type FakePool } from './fake-host.ts';
import { EditingCalls, stillRunning } from './fake-machine-editing.ts';
import { poolFacts, readAgain } from './fake-pool.ts';
import { cdroms, files, tag } from './fake-xml.ts';

export interface FakeCall {
  method: string;
  phase: 'before' | 'after';
  /** Name of the volume, pool or network, or UUID or name of the domain. */
  subject: string;
}

/** May throw, wait, or do something to the world. `before` = nothing has happened yet. */
export type Fault = (call: FakeCall) => void | Promise<void>;

const never = new Promise<never>(() => undefined);

/** One process's connection to a FakeHost. */
export class FakeHypervisor extends EditingCalls implements Hypervisor {
  readonly host: FakeHost;
  /** `method subject` of every call, in order. */
  readonly calls: string[] = [];
  fault: Fault | null = null;
  #dead = false;
  readonly #own = new Set<(event: HypervisorEvent) => void>();

  constructor(host: FakeHost) {
    super();
    this.host = host;
    this.attach(host, (...call) => this.#call(...call));
  }

  /** The process is gone: no call of it ever comes back, no event reaches it. */
  kill(): void {
    this.#dead = true;
    for (const listener of this.#own) this.host.listeners.delete(listener);
  }

  async #call<T>(
    method: string,
    subject: string,
    options: CallOptions,
    act: () => T | Promise<T>,
  ): Promise<T> {
    if (this.#dead) return never;
    options.signal?.throwIfAborted();
    this.calls.push(`${method} ${subject}`);
    await this.fault?.({ method, phase: 'before', subject });
    this.#alive();
    const result = await act();
    await this.fault?.({ method, phase: 'after', subject });
    if (this.#dead) return never;
    this.#alive();
    return result;
  }

  #alive(): void {
    if (!this.host.down) return;
    throw new BerthError('libvirt_unreachable', 'The connection to libvirt was lost.', {
      retryable: true,
    });
  }

  connect(options: CallOptions = {}): Promise<HostFacts> {
    return this.#call('connect', '', options, () => this.host.facts);
  }

  async close(): Promise<void> {
    this.kill();
  }

  subscribe(listener: (event: HypervisorEvent) => void): () => void {
    this.#own.add(listener);
    this.host.listeners.add(listener);
    return () => {
      this.#own.delete(listener);
      this.host.listeners.delete(listener);
    };
  }

  abilities(options: CallOptions = {}): Promise<HostAbilities> {
    return this.#call('abilities', '', options, () => this.host.abilities);
  }

  topology = (options: CallOptions = {}): Promise<HostTopology | null> =>
    this.#call('topology', '', options, () => this.host.topology);

  listPciDevices = async (options: CallOptions = {}): Promise<PciDevice[]> =>
    this.#call('listPciDevices', '', options, () => [...this.host.pci.devices]);

  listDomains(options: CallOptions = {}): Promise<DomainFacts[]> {
    return this.#call('listDomains', '', options, () =>
      [...this.host.domains.values()].map((domain) => this.host.factsOf(domain)),
    );
  }

  findDomain(
    ref: { uuid: string } | { name: string },
    options: CallOptions = {},
  ): Promise<DomainFacts | null> {
    const subject = 'uuid' in ref ? ref.uuid : ref.name;
    return this.#call('findDomain', subject, options, () => {
      const found = [...this.host.domains.values()].find((domain) =>
        'uuid' in ref ? domain.uuid === ref.uuid : domain.name === ref.name,
      );
      return found ? this.host.factsOf(found) : null;
    });
  }

  defineDomain(xml: string, options: CallOptions = {}): Promise<{ uuid: string; name: string }> {
    const name = tag(xml, 'name');
    return this.#call('defineDomain', name, options, () => {
      const uuid = tag(xml, 'uuid');
      const holder = [...this.host.domains.values()].find((domain) => domain.name === name);
      if (holder !== undefined && holder.uuid !== uuid) {
        throw new BerthError('domain_exists', `domain '${name}' already exists`);
      }
      this.host.addDomain(name, {
        uuid,
        title: xml.includes('<title>') ? tag(xml, 'title') : null,
        ...stillRunning(this.host.domains.get(uuid)),
        vcpus: Number(tag(xml, 'vcpu')) || 1,
        memoryBytes: Number(tag(xml, 'memory')) * 1024,
        metadata: parseMetadata(xml),
        xml,
        media: cdroms(xml),
      });
      return { uuid, name };
    });
  }

  startDomain(uuid: string, options: CallOptions & { paused?: boolean } = {}): Promise<void> {
    return this.#call('startDomain', uuid, options, () => {
      const domain = this.#domain(uuid);
      for (const file of files(domain.xml)) this.#volumeAt(file);
      this.host.setPower(domain, options.paused ? 'paused' : 'running');
    });
  }

  shutdownDomain(uuid: string, options: CallOptions = {}): Promise<void> {
    return this.#power('shutdownDomain', uuid, options, 'off');
  }

  rebootDomain(uuid: string, options: CallOptions = {}): Promise<void> {
    return this.#power('rebootDomain', uuid, options, 'running');
  }

  suspendDomain(uuid: string, options: CallOptions = {}): Promise<void> {
    return this.#power('suspendDomain', uuid, options, 'paused');
  }

  resumeDomain(uuid: string, options: CallOptions = {}): Promise<void> {
    return this.#power('resumeDomain', uuid, options, 'running');
  }

  destroyDomain(uuid: string, options: CallOptions = {}): Promise<void> {
    return this.#call('destroyDomain', uuid, options, () => {
      const domain = this.#domain(uuid);
      if (domain.power !== 'off') this.host.setPower(domain, 'off');
    });
  }

  undefineDomain(uuid: string, options: CallOptions = {}): Promise<void> {
    return this.#call('undefineDomain', uuid, options, () => {
      const domain = this.host.domains.get(uuid);
      if (domain === undefined) return;
      if (domain.power !== 'off') throw new BerthError('domain_active', 'the domain still runs');
      this.host.domains.delete(uuid);
      const { name } = domain;
      this.host.emit({ kind: 'domain-state', uuid, name, power: 'gone', reason: 'undefined' });
    });
  }

  domainXml(uuid: string, options: CallOptions & { secure?: boolean } = {}): Promise<string> {
    const read = () => this.#domain(uuid).xml;
    const act = options.secure ? read : () => read().replaceAll(/ passwd="[^"]*"/g, '');
    return this.#call('domainXml', uuid, options, act);
  }

  domainAutostart(uuid: string): Promise<boolean> {
    return this.#call('domainAutostart', uuid, {}, () => false);
  }

  bytesWritten(uuid: string, options: CallOptions = {}): Promise<number | null> {
    const running = this.host.domains.get(uuid)?.power === 'running';
    return this.#call('bytesWritten', uuid, options, () => (running ? this.host.written : null));
  }

  domainAddresses(uuid: string, options: CallOptions = {}): Promise<string[]> {
    return this.#call('domainAddresses', uuid, options, () => []);
  }

  screenshot(
    uuid: string,
    options: CallOptions = {},
  ): Promise<{ mime: string; data: Uint8Array } | null> {
    return this.#call('screenshot', uuid, options, () => null);
  }

  openChannel(
    uuid: string,
    name: string,
    options: CallOptions = {},
  ): Promise<AsyncIterable<Uint8Array>> {
    return this.#call('openChannel', uuid, options, () => {
      const domain = this.#domain(uuid);
      if (domain.power === 'off' || !domain.xml.includes(name)) {
        throw new BerthError('channel_missing', `no channel ${name}`);
      }
      const guest = new FakeGuest();
      this.host.guests.set(uuid, guest);
      options.signal?.addEventListener('abort', () => guest.end(), { once: true });
      return guest.read();
    });
  }

  pingAgent(uuid: string, _seconds: number, options: CallOptions = {}): Promise<boolean> {
    return this.#call('pingAgent', uuid, options, () => this.host.agent);
  }

  ejectMedium(uuid: string, target: string, options: CallOptions = {}): Promise<void> {
    return this.#call('ejectMedium', uuid, options, () => {
      this.#domain(uuid).media.delete(target);
    });
  }

  consoleEndpoint(uuid: string, options: CallOptions = {}): Promise<ConsoleEndpoint> {
    return this.#call('consoleEndpoint', uuid, options, () => ({
      protocol: 'spice' as const,
      target: { kind: 'unix' as const, path: `/run/${uuid}.sock` },
    }));
  }

  findPool(name: string, options: PoolOptions = {}): Promise<PoolFacts | null> {
    return this.#call('findPool', name, options, () => {
      const pool = this.host.pools.get(name);
      if (pool !== undefined && options.maxAgeMs !== undefined) readAgain(pool);
      return pool ? poolFacts(name, pool) : null;
    });
  }

  listPools(options: CallOptions = {}): Promise<PoolFacts[]> {
    return this.#call('listPools', '', options, () =>
      [...this.host.pools].map(([name, pool]) => poolFacts(name, pool)),
    );
  }

  ensurePool(
    name: string,
    options: CallOptions = {},
  ): Promise<{ pool: PoolFacts; created: boolean }> {
    return this.#call('ensurePool', name, options, () => {
      const known = this.host.pools.get(name);
      const pool = known ?? this.host.addPool(name, { path: this.defaultPoolPath(name) });
      pool.active = true;
      readAgain(pool);
      return { pool: poolFacts(name, pool), created: known === undefined };
    });
  }

  startPool(name: string, options: CallOptions = {}): Promise<void> {
    return this.#call('startPool', name, options, () => {
      this.#pool(name).active = true;
    });
  }

  defaultPoolPath(name: string): string {
    return `/var/lib/${name}`;
  }

  removePool(name: string, options: CallOptions = {}): Promise<void> {
    return this.#call('removePool', name, options, () => {
      if (this.#pool(name).volumes.size > 0) throw new BerthError('pool_busy', 'pool not empty');
      this.host.pools.delete(name);
    });
  }

  findVolume(pool: string, name: string, options: CallOptions = {}): Promise<VolumeFacts | null> {
    return this.#call('findVolume', name, options, () => {
      return this.#activePool(pool).volumes.get(name)?.facts ?? null;
    });
  }

  listVolumes(pool: string, options: CallOptions = {}): Promise<VolumeFacts[]> {
    return this.#call('listVolumes', pool, options, () =>
      [...this.#activePool(pool).volumes.values()].map(({ facts }) => facts),
    );
  }

  createVolume(
    pool: string,
    spec: VolumeSpec,
    options: CallOptions = {},
  ): Promise<{ volume: VolumeFacts; dropped: string[] }> {
    return this.#call('createVolume', spec.name, options, () => {
      if (this.#activePool(pool).volumes.has(spec.name)) {
        throw new BerthError('volume_exists', `volume '${spec.name}' exists already`);
      }
      if (spec.backing) this.#volumeAt(spec.backing.path);
      const volume = this.host.addVolume(pool, spec.name, spec.capacityBytes, spec.format);
      volume.backing = spec.backing?.path ?? null;
      volume.facts.backing = spec.backing ?? null;
      return { volume: volume.facts, dropped: [] };
    });
  }

  uploadVolume(
    pool: string,
    name: string,
    source: AsyncIterable<Uint8Array>,
    options: CallOptions & { onBytes?: (sent: number) => void } = {},
  ): Promise<void> {
    return this.#call('uploadVolume', name, options, async () => {
      const volume = this.#activePool(pool).volumes.get(name);
      if (volume === undefined) throw missing('volume', name);
      let sent = 0;
      for await (const chunk of source) {
        options.signal?.throwIfAborted();
        volume.content.push(chunk);
        sent += chunk.byteLength;
        options.onBytes?.(sent);
      }
    });
  }

  deleteVolume(pool: string, name: string, options: CallOptions = {}): Promise<void> {
    return this.#call('deleteVolume', name, options, () => {
      this.#activePool(pool).volumes.delete(name);
    });
  }

  listNetworks(options: CallOptions = {}): Promise<NetworkFacts[]> {
    return this.#call('listNetworks', '', options, () => this.host.networks);
  }

  startNetwork(name: string, options: CallOptions = {}): Promise<void> {
    return this.#call('startNetwork', name, options, () => {
      const network = this.host.networks.find((one) => one.name === name);
      if (network) network.active = true;
    });
  }

  #power(
    method: string,
    uuid: string,
    options: CallOptions,
    power: 'off' | 'running' | 'paused',
  ): Promise<void> {
    return this.#call(method, uuid, options, () => this.host.setPower(this.#domain(uuid), power));
  }

  #domain(uuid: string): FakeDomain {
    const domain = this.host.domains.get(uuid);
    if (domain === undefined) throw missing('domain', uuid);
    return domain;
  }

  #pool(name: string): FakePool {
    const pool = this.host.pools.get(name);
    if (pool === undefined) throw missing('pool', name);
    return pool;
  }

  #activePool(name: string): FakePool {
    const pool = this.#pool(name);
    if (!pool.active) throw new BerthError('pool_inactive', `storage pool '${name}' is not active`);
    return pool;
  }

  #volumeAt(path: string): void {
    for (const pool of this.host.pools.values()) {
      for (const { facts } of pool.volumes.values()) if (facts.path === path) return;
    }
    throw missing('volume', path);
  }
}

function missing(kind: string, name: string): BerthError {
  return new BerthError(`${kind}_missing`, `no ${kind} '${name}'`);
}
