import type { PciFacts } from '../domain/pci.ts';
import type { Wish } from '../domain/request.ts';
import type { HostTopology } from '../domain/topology.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { HostBridge } from '../ports/host-network.ts';
import type {
  DomainFacts,
  HostAbilities,
  HostFacts,
  NetworkFacts,
  PoolFacts,
  PoolOptions,
} from '../ports/hypervisor.ts';
import type { DiskSpace } from '../ports/system.ts';
import { isConnectionError } from './connection.ts';
import type { CreationDeps } from './service.ts';

/** What the host looks like at one moment. Checks, resolution and stages share it, so each fact is asked for once. */
export interface Facts {
  /** Monotonic milliseconds. */
  at: number;
  host: HostFacts;
  abilities: HostAbilities;
  domains: DomainFacts[];
  /** Null = Berth's pool does not exist yet. */
  pool: PoolFacts | null;
  poolPath: string;
  /** The pool's file system; null = it cannot be seen from here. */
  fileSystem: DiskSpace | null;
  availableMemoryBytes: number;
  /** What all machines together may have, and which of them count. */
  memory: { budgetBytes: number; counts: 'running' | 'defined' };
  networks: NetworkFacts[];
  /** Names of libvirt's network filters; null = this daemon has none. */
  filters: string[] | null;
  bridges: HostBridge[];
  /** See HostNetwork. */
  bridgeFirewall: boolean | null;
  /** Null = the host does not tell, or nothing in the request depends on it. */
  topology: HostTopology | null;
  /** Null = nothing in the request depends on it. */
  pci: PciFacts | null;
  /** Why the try-out machine cannot be assembled; null = it can, or was not asked for. */
  tryout: BerthError | null;
}

/** What only some machines need to know of the host. */
export interface FactsScope {
  tryout: boolean;
  topology: boolean;
  pci: boolean;
}

export function factsFor(wish: Wish): FactsScope {
  return {
    tryout: wish.template.source.kind === 'tryout',
    topology: wish.cpuPolicy !== 'none' || wish.hugepages !== 'none',
    pci: wish.input.gpus.length > 0,
  };
}

interface FactsOptions extends FactsScope {
  signal?: AbortSignal;
  /** Why KVM failed when a machine was started earlier; overrules what the host says of itself. */
  kvmFailure: string | null;
  /** How old the figures of the pool may be; 0 unless said. */
  spaceMaxAgeMs?: number;
}

/** All questions at once. Rejects with the error of the first one that fails. */
export async function gatherFacts(deps: CreationDeps, options: FactsOptions): Promise<Facts> {
  const { hypervisor, system, clock } = deps;
  const call = options.signal ? { signal: options.signal } : {};
  const at = clock.monotonic();
  const [host, abilities, domains, space, networks, surroundings, topology, pci, tryout] =
    await Promise.all([
      deps.hostFacts(options.signal),
      hypervisor.abilities(call),
      hypervisor.listDomains(call),
      poolSpace(deps, { ...call, maxAgeMs: options.spaceMaxAgeMs ?? 0 }),
      hypervisor.listNetworks(call),
      networkSurroundings(deps, call),
      options.topology ? readTopology(deps, call) : null,
      options.pci ? readPci(deps, call) : null,
      options.tryout ? deps.media.checkTryout().then(() => null, toBerthError) : null,
    ]);
  return {
    at,
    host,
    abilities: withKvmFailure(abilities, options.kvmFailure),
    domains,
    ...space,
    availableMemoryBytes: system.availableMemoryBytes(),
    memory: {
      budgetBytes: Math.floor(host.memoryBytes * deps.config.memoryOvercommit),
      counts: deps.config.memoryCounts,
    },
    networks,
    ...surroundings,
    topology,
    pci,
    tryout,
  };
}

async function networkSurroundings(
  { hypervisor, system }: CreationDeps,
  call: { signal?: AbortSignal },
): Promise<Pick<Facts, 'filters' | 'bridges' | 'bridgeFirewall'>> {
  const [filters, bridges, bridgeFirewall] = await Promise.all([
    hypervisor.listNwFilters(call).catch((error: unknown) => {
      if (error instanceof BerthError && error.code === 'unsupported') return null;
      throw error;
    }),
    system.network.bridges(),
    system.network.bridgeFirewall(),
  ]);
  return { filters: filters?.map(({ name }) => name) ?? null, bridges, bridgeFirewall };
}

async function readPci(
  { hypervisor, system }: Pick<CreationDeps, 'hypervisor' | 'system'>,
  call: { signal?: AbortSignal },
): Promise<PciFacts> {
  const [devices, kernel] = await Promise.all([hypervisor.listPciDevices(call), system.pci()]);
  return { devices, kernel };
}

/** A machine can do without; it is told why it got no CPUs of its own. */
async function readTopology(
  { hypervisor, log }: CreationDeps,
  call: { signal?: AbortSignal },
): Promise<HostTopology | null> {
  try {
    return await hypervisor.topology(call);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (isConnectionError(error)) throw error;
    log.warn('the topology of the host cannot be read', { error });
    return null;
  }
}

async function poolSpace(deps: CreationDeps, options: PoolOptions) {
  const { hypervisor, config, system } = deps;
  const pool = await hypervisor.findPool(config.pool, options);
  const poolPath = pool?.targetPath ?? hypervisor.defaultPoolPath(config.pool);
  return { pool, poolPath, fileSystem: await system.diskSpace(poolPath) };
}

function withKvmFailure(abilities: HostAbilities, reason: string | null): HostAbilities {
  if (reason === null) return abilities;
  return { ...abilities, kvm: { ...abilities.kvm, works: false, reason } };
}
