import { type BerthError, toBerthError } from '../errors.ts';
import type {
  DomainFacts,
  HostAbilities,
  HostFacts,
  NetworkFacts,
  PoolFacts,
} from '../ports/hypervisor.ts';
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
  /** What an unprivileged writer can use in the pool's file system; null = it cannot be seen from here. */
  freeBytes: number | null;
  availableMemoryBytes: number;
  networks: NetworkFacts[];
  /** Why the try-out machine cannot be assembled; null = it can, or was not asked for. */
  tryout: BerthError | null;
}

export interface FactsOptions {
  tryout: boolean;
  signal?: AbortSignal;
  /** Why KVM failed when a machine was started earlier; overrules what the host says of itself. */
  kvmFailure: string | null;
}

/** All questions at once. Rejects with the error of the first one that fails. */
export async function gatherFacts(deps: CreationDeps, options: FactsOptions): Promise<Facts> {
  const { hypervisor, config, system, clock } = deps;
  const call = options.signal ? { signal: options.signal } : {};
  const at = clock.monotonic();
  const [host, abilities, domains, space, networks, tryout] = await Promise.all([
    deps.hostFacts(options.signal),
    hypervisor.abilities(call),
    hypervisor.listDomains(call),
    poolSpace(deps, call),
    hypervisor.listNetworks(call),
    options.tryout ? deps.media.checkTryout().then(() => null, toBerthError) : null,
  ]);
  return {
    at,
    host,
    abilities: withKvmFailure(abilities, options.kvmFailure),
    domains,
    ...space,
    poolPath: space.pool?.targetPath ?? hypervisor.defaultPoolPath(config.pool),
    availableMemoryBytes: system.availableMemoryBytes(),
    networks,
    tryout,
  };
}

async function poolSpace(deps: CreationDeps, call: { signal?: AbortSignal }) {
  const pool = await deps.hypervisor.findPool(deps.config.pool, call);
  if (pool !== null) {
    const path = pool.targetPath;
    return { pool, freeBytes: path === null ? null : await deps.system.freeBytes(path) };
  }
  const path = deps.hypervisor.defaultPoolPath(deps.config.pool);
  return { pool, freeBytes: await freeBytesAbove(deps, path) };
}

/** The folder of a pool that is still to be made lies in the file system of its nearest ancestor. */
async function freeBytesAbove(deps: CreationDeps, path: string): Promise<number | null> {
  for (let folder = path; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    const free = await deps.system.freeBytes(folder);
    if (free !== null) return free;
  }
  return deps.system.freeBytes('/');
}

function withKvmFailure(abilities: HostAbilities, reason: string | null): HostAbilities {
  if (reason === null) return abilities;
  return { ...abilities, kvm: { ...abilities.kvm, works: false, reason } };
}
