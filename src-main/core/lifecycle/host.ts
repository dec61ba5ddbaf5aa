import type { Host } from '../../../src-contract/model/host.ts';
import { BerthError, toBerthError } from '../errors.ts';
import type { HostFacts, Hypervisor, HypervisorEvent } from '../ports/hypervisor.ts';
import type { Clock, Log } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import type { MachineLibrary } from './machines.ts';

export interface HostLinkDeps {
  hypervisor: Hypervisor;
  library: MachineLibrary;
  hub: Hub;
  clock: Clock;
  log: Log;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

const UNKNOWN_HOST: Host = {
  connection: 'connecting',
  uri: '',
  scope: 'system',
  hostname: '',
  libvirtVersion: '',
  hypervisorVersion: '',
  cpus: 0,
  memoryBytes: 0,
  accelerator: 'tcg',
  acceleratorReason: null,
  error: null,
};

/** The link to libvirt: connects, keeps the host's description, and has the library listed after each connection. */
export class HostLink {
  readonly #deps: HostLinkDeps;
  readonly #closed = new AbortController();
  #host: Host = UNKNOWN_HOST;
  #facts: HostFacts | null = null;
  #failure: BerthError | null = null;
  readonly #unsubscribe: () => void;
  readonly #settled = Promise.withResolvers<void>();

  constructor(deps: HostLinkDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.hypervisor.subscribe((event) => this.#fold(event));
  }

  get host(): Host {
    return this.#host;
  }

  /** Resolves when the first attempt to connect and list has succeeded or failed. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** What the connected host has; waits for the first attempt. Rejects with what kept it. */
  async facts(signal?: AbortSignal): Promise<HostFacts> {
    signal?.throwIfAborted();
    await this.settled;
    if (this.#facts !== null) return this.#facts;
    throw (
      this.#failure ??
      new BerthError('libvirt_unreachable', 'There is no connection to libvirt.', {
        retryable: true,
      })
    );
  }

  /** One attempt. Rejects with what kept it, such as `libvirt_unreachable`; resolves when the list is complete. */
  async connect(): Promise<void> {
    const { hypervisor, library } = this.#deps;
    try {
      const facts = await hypervisor.connect({ signal: this.#closed.signal });
      await library.refresh(this.#closed.signal);
      this.#facts = facts;
      this.#change({ ...facts, connection: 'connected', error: null });
    } catch (error) {
      this.#failure = toBerthError(error);
      this.#change({ connection: 'failed', error: this.#failure.toData() });
      throw error;
    } finally {
      this.#settled.resolve();
    }
    void this.#readAbilities();
  }

  /** Attempts until one succeeds or the link is closed; each failure is shown in `host`. */
  async connectPatiently(): Promise<void> {
    const signal = this.#closed.signal;
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        return await this.connect();
      } catch (error) {
        this.#deps.log.warn('libvirt is not reachable', { error });
        await this.#deps.clock.sleep(wait, signal).catch(() => undefined);
      }
    }
  }

  close(): void {
    this.#closed.abort();
    this.#unsubscribe();
  }

  #fold(event: HypervisorEvent): void {
    if (event.kind !== 'connection') this.#foldDomain(event);
    else if (event.state === 'connected') void this.#reconnected();
    else {
      const connection = event.state === 'lost' ? 'reconnecting' : 'failed';
      const error = event.error === undefined ? null : toBerthError(event.error).toData();
      this.#change({ connection, error });
    }
  }

  /** The adapter must not suffer from a database that cannot be read. */
  #foldDomain(event: HypervisorEvent): void {
    try {
      this.#deps.library.fold(event);
    } catch (error) {
      this.#deps.log.error('an event of libvirt could not be taken in', { event, error });
    }
  }

  /** The first connection is the business of `connect`. */
  async #reconnected(): Promise<void> {
    if (this.#facts === null) return;
    const { library, clock, log } = this.#deps;
    const { signal } = this.#closed;
    while (!signal.aborted && this.#host.connection !== 'connected') {
      try {
        await library.refresh(signal);
        this.#change({ connection: 'connected', error: null });
      } catch (error) {
        log.warn('listing after a reconnect failed', { error });
        await clock.sleep(FIRST_RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  async #readAbilities(): Promise<void> {
    try {
      const { kvm } = await this.#deps.hypervisor.abilities({ signal: this.#closed.signal });
      this.#change({
        accelerator: kvm.works ? 'kvm' : 'tcg',
        acceleratorReason: kvm.works ? null : kvm.reason,
      });
    } catch (error) {
      if (!this.#closed.signal.aborted) {
        this.#deps.log.warn("the host's abilities could not be read", { error });
      }
    }
  }

  #change(change: Partial<Host>): void {
    const next = { ...this.#host, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#host)) return;
    this.#host = next;
    this.#deps.hub.emit({ type: 'host.changed', host: next });
  }
}
