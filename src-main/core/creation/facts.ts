import { type BerthError, toBerthError } from '../errors.ts';
import type {
  DomainFacts,
  HostAbilities,
  HostFacts,
  NetworkFacts,
  PoolFacts,
} from '../ports/hypervisor.ts';
import type { DiskSpace } from '../ports/system.ts';
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
  networks: NetworkFacts[];
  /** Why the try-out machine cannot be assembled; null = it can, or was not asked for. */
  tryout: BerthError | null;
}

interface FactsOptions {
  tryout: boolean;
  signal?: AbortSignal;
  /** Why KVM failed when a machine was started earlier; overrules what the host says of itself. */
  kvmFailure: string | null;
}

/** All questions at once. Rejects with the error of the first one that fails. */
export async function gatherFacts(deps: CreationDeps, options: FactsOptions): Promise<Facts> {
  const { hypervisor, system, clock } = deps;
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
    availableMemoryBytes: system.availableMemoryBytes(),
    networks,
    tryout,
  };
}

async function poolSpace(deps: CreationDeps, call: { signal?: AbortSignal }) {
  const { hypervisor, config, system } = deps;
  const pool = await hypervisor.findPool(config.pool, call);
  const poolPath = pool?.targetPath ?? hypervisor.defaultPoolPath(config.pool);
  return { pool, poolPath, fileSystem: await system.diskSpace(poolPath) };
}

function withKvmFailure(abilities: HostAbilities, reason: string | null): HostAbilities {
  if (reason === null) return abilities;
  return { ...abilities, kvm: { ...abilities.kvm, works: false, reason } };
}
