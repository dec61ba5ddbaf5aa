import type { Gpu } from '../../../src-contract/model/gpu.ts';
import { reportGpus, runningHolders } from '../domain/gpu.ts';
import type { GpuClaim } from '../ports/gpu-claims-repository.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Store } from '../ports/repositories.ts';
import type { SystemFacts } from '../ports/system.ts';
import type { HostLink } from './host.ts';

export interface GpuServiceDeps {
  hypervisor: Pick<Hypervisor, 'listPciDevices' | 'listDomains'>;
  system: Pick<SystemFacts, 'pci'>;
  store: Pick<Store, 'gpuClaims' | 'machines'>;
  link: Pick<HostLink, 'facts'>;
  access: { canSee(departmentId: string): boolean };
}

/** The host's graphics cards and who has them. */
export class GpuService {
  readonly #deps: GpuServiceDeps;

  constructor(deps: GpuServiceDeps) {
    this.#deps = deps;
  }

  /** Which machine has a card is told to those who may see it. Rejects with `libvirt_*`. */
  async list(signal?: AbortSignal): Promise<Gpu[]> {
    const { hypervisor, system, store, link } = this.#deps;
    const call = signal ? { signal } : {};
    const [host, devices, kernel, domains] = await Promise.all([
      link.facts(signal),
      hypervisor.listPciDevices(call),
      system.pci(),
      hypervisor.listDomains(call),
    ]);
    const claims = store.gpuClaims.list();
    const gpus = reportGpus({
      pci: { devices, kernel },
      scope: host.scope,
      claims: new Map(claims.map(({ address, machineId }) => [address, machineId])),
      running: runningHolders(domains),
    });
    return gpus.map((gpu) => ({ ...gpu, machineId: this.#visible(gpu.machineId) }));
  }

  #visible(machineId: string | null): string | null {
    const machine = machineId === null ? null : this.#deps.store.machines.get(machineId);
    return machine !== null && this.#deps.access.canSee(machine.departmentId) ? machine.id : null;
  }
}

/** How many cards these machines have. */
export function countGpus(claims: readonly GpuClaim[], machineIds: readonly string[]): number {
  const wanted = new Set(machineIds);
  return new Set(claims.filter(({ machineId }) => wanted.has(machineId)).map(({ slot }) => slot))
    .size;
}
