import type { BerthEvent } from '../../../src-contract/model/events.ts';
import type { Machine } from '../../../src-contract/model/machine.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import type { MachineLibrary } from './machines.ts';

export interface AddressBookDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
  hub: Hub;
  clock: Clock;
  log: Log;
}

/** Seconds between the tries after a machine began to run; a guest that has no lease by then is asked on demand. */
const TRIES_S = [3, 5, 10, 20, 40];
/** Those that were running before Berth looked have their address by now, or none that Berth can see. */
const LISTED_TRIES_S = [1];
const SIDE_BY_SIDE = 4;

/** Finds the addresses of running machines, lazily: a bounded number of tries after a start, and on demand. */
export class AddressBook {
  readonly #deps: AddressBookDeps;
  readonly #watches = new Map<string, AbortController>();
  readonly #ready = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  readonly #unsubscribe: () => void;
  #busy = 0;

  constructor(deps: AddressBookDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.hub.subscribe((event) => this.#listen(event));
  }

  /** Asks now. Failures leave what is known. */
  async refresh(machineId: string, signal?: AbortSignal): Promise<void> {
    const row = this.#deps.library.peek(machineId);
    if (row?.power !== 'running') return;
    await this.#slot();
    try {
      const options = signal ? { signal } : {};
      const found = await this.#deps.hypervisor.domainAddresses(row.domainUuid, options);
      this.#deps.library.setAddresses(machineId, found);
    } catch (error) {
      if (!signal?.aborted) this.#deps.log.warn('no addresses', { machineId, error });
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  close(): void {
    this.#unsubscribe();
    for (const watch of this.#watches.values()) watch.abort();
  }

  async #slot(): Promise<void> {
    while (this.#busy >= SIDE_BY_SIDE) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#busy += 1;
  }

  #listen(event: BerthEvent): void {
    if (event.type === 'vms.status_changed') this.#consider(event.machine);
    else if (event.type === 'vms.removed') this.#stop(event.machineId);
    else if (event.type === 'machines.reset') {
      for (const machine of event.machines) this.#consider(machine, LISTED_TRIES_S);
    }
  }

  /** A guest that has just become ready has its address: then there is no reason to wait for the next try. */
  #consider(machine: Machine, tries = TRIES_S): void {
    const wasReady = this.#ready.has(machine.id);
    if (machine.provisioning === 'ready') this.#ready.add(machine.id);
    if (machine.power !== 'running') this.#stop(machine.id);
    else if (!this.#watches.has(machine.id)) void this.#watch(machine.id, tries);
    else if (!wasReady && this.#ready.has(machine.id) && machine.addresses.length === 0) {
      void this.refresh(machine.id, this.#watches.get(machine.id)?.signal);
    }
  }

  #stop(machineId: string): void {
    this.#watches.get(machineId)?.abort();
    this.#watches.delete(machineId);
  }

  /** The watch stays registered after its last try, so that only a new start begins another. */
  async #watch(machineId: string, tries: readonly number[]): Promise<void> {
    const watch = new AbortController();
    this.#watches.set(machineId, watch);
    for (const seconds of tries) {
      try {
        await this.#deps.clock.sleep(seconds * 1000, watch.signal);
      } catch {
        return;
      }
      if (watch.signal.aborted) return;
      await this.refresh(machineId, watch.signal);
      if ((this.#deps.library.peek(machineId)?.addresses.length ?? 0) > 0) return;
    }
  }
}
