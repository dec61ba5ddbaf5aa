import type { DepartmentNetwork } from '../../../src-contract/model/department.ts';
import {
  buildNetworkXml,
  DEFAULT_SUBNET_RANGE,
  formatSubnet,
  freeBridgeName,
  freeSubnet,
  ownNetworkName,
} from '../domain/department-network.ts';
import { BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Store } from '../ports/repositories.ts';
import type { Ids, Log, SystemFacts } from '../ports/system.ts';

export interface DepartmentNetworkDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'settings'>;
  system: Pick<SystemFacts, 'network'>;
  ids: Pick<Ids, 'uuid'>;
  log: Log;
}

/** Setting: where own networks take their subnets from. */
const RANGE_KEY = 'networks.range';
/** Written before a network is made, emptied when it is gone: its UUID proves that it is ours. */
const journalKey = (departmentId: string): string => `networks.made.${departmentId}`;

/** Networks that Berth makes for departments and removes with them. */
export class DepartmentNetworks {
  readonly #deps: DepartmentNetworkDeps;

  constructor(deps: DepartmentNetworkDeps) {
    this.#deps = deps;
  }

  /**
   * Makes the network that a department is to have, and looks that it is active. A failure leaves nothing behind.
   * Rejects with `network_missing`, `network_inactive`, `subnet_none`, `network_failed`.
   */
  async ensure(departmentId: string, wanted: DepartmentNetwork): Promise<DepartmentNetwork> {
    if (wanted.kind === 'none') return wanted;
    if (wanted.kind === 'existing') {
      await this.#checkExisting(wanted.name);
      return wanted;
    }
    const name = ownNetworkName(departmentId);
    const found = await this.#deps.hypervisor.findNetwork(name);
    if (found !== null && found.uuid === this.#madeUuid(departmentId) && wanted.subnet !== null) {
      if (!found.active) await this.#deps.hypervisor.startNetwork(name);
      return { ...wanted, network: name };
    }
    if (found !== null) await this.#removeOwn(departmentId);
    return this.#make(departmentId, wanted.mode);
  }

  /** Removes what was made. Rejects with `network_in_use` while a machine's definition names it. */
  async remove(departmentId: string, network: DepartmentNetwork): Promise<void> {
    // One that was being made when Berth ended is in the journal alone.
    if (network.kind !== 'own' && this.#madeUuid(departmentId) === null) return;
    await this.#refuseInUse(ownNetworkName(departmentId));
    await this.#removeOwn(departmentId);
  }

  async #checkExisting(name: string): Promise<void> {
    const networks = await this.#deps.hypervisor.listNetworks();
    const network = networks.find((one) => one.name === name);
    if (network?.active) return;
    if (network === undefined) {
      const names = networks.map((one) => one.name).join(', ');
      const hint = names === '' ? 'This host has none.' : `This host has: ${names}.`;
      throw new BerthError('network_missing', `There is no network “${name}”.`, { hint });
    }
    throw new BerthError('network_inactive', `The network “${name}” is not active.`, {
      fix: { action: 'start-network', label: `Start the network “${name}”`, network: name },
    });
  }

  async #make(departmentId: string, mode: 'nat' | 'isolated'): Promise<DepartmentNetwork> {
    const { hypervisor, store, system, ids } = this.#deps;
    const range = store.settings.get(RANGE_KEY) ?? DEFAULT_SUBNET_RANGE;
    const [known, used, interfaces, networks] = await Promise.all([
      hypervisor.listNetworkSubnets(),
      system.network.usedSubnets(),
      system.network.interfaces(),
      hypervisor.listNetworks(),
    ]);
    const subnet = freeSubnet(range, [...known, ...used]);
    if (subnet === null) {
      throw new BerthError('subnet_none', `There is no free subnet in ${range}.`, {
        hint: `Remove networks that nobody needs, or set another range (${RANGE_KEY}).`,
      });
    }
    const name = ownNetworkName(departmentId);
    const bridges = networks.flatMap(({ bridge }) => bridge ?? []);
    const bridge = freeBridgeName(departmentId, [...interfaces, ...bridges]);
    const uuid = ids.uuid();
    store.settings.set(journalKey(departmentId), uuid);
    try {
      await hypervisor.createNetwork(buildNetworkXml({ name, uuid, bridge, mode, subnet }));
      const made = await hypervisor.findNetwork(name);
      if (made?.uuid !== uuid || !made.active) throw new Error('it is not active afterwards');
    } catch (error) {
      await this.#removeOwn(departmentId).catch((failure: unknown) => {
        this.#deps.log.error('a network could not be removed', { name, error: failure });
      });
      throw new BerthError('network_failed', 'The department’s network could not be made.', {
        cause: error,
        retryable: true,
        ...(error instanceof BerthError && error.hint && { hint: error.hint }),
      });
    }
    return { kind: 'own', mode, network: name, subnet: formatSubnet(subnet) };
  }

  #madeUuid(departmentId: string): string | null {
    return this.#deps.store.settings.get(journalKey(departmentId)) || null;
  }

  async #removeOwn(departmentId: string): Promise<void> {
    const { hypervisor, store } = this.#deps;
    const name = ownNetworkName(departmentId);
    const found = await hypervisor.findNetwork(name);
    if (found !== null && found.uuid !== this.#madeUuid(departmentId)) {
      throw new BerthError('network_foreign', `Another tool has made the network “${name}”.`, {
        hint: 'Remove that one, or rename it.',
      });
    }
    if (found !== null) {
      await hypervisor.removeNetwork(name);
      if ((await hypervisor.findNetwork(name)) !== null) {
        throw new BerthError('network_still_there', `libvirt still has the network “${name}”.`);
      }
    }
    store.settings.set(journalKey(departmentId), '');
  }

  async #refuseInUse(name: string): Promise<void> {
    const { hypervisor } = this.#deps;
    for (const domain of await hypervisor.listDomains()) {
      const cards = await hypervisor.domainInterfaces(domain.uuid).catch(gone);
      if (!cards.some(({ kind, source }) => kind === 'network' && source === name)) continue;
      throw new BerthError('network_in_use', `${domain.name} is on the network “${name}”.`, {
        hint: 'Delete the machine, or put it on another network.',
      });
    }
  }
}

function gone(error: unknown): never[] {
  if (error instanceof BerthError && error.code === 'domain_missing') return [];
  throw error;
}
