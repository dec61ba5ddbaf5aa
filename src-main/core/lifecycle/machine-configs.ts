import { TERMINAL_CREATION_STATES } from '../../../src-contract/model/creation.ts';
import type { MachineConfigView } from '../../../src-contract/model/lifecycle.ts';
import { lineChanges } from '../domain/domain-xml-edit.ts';
import { BerthError } from '../errors.ts';
import type { ConsoleEndpoint, Hypervisor, HypervisorEvent } from '../ports/hypervisor.ts';
import type { MachineConfig } from '../ports/machine-configs-repository.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Clock, Log, Secrets } from '../ports/system.ts';

export interface MachineConfigDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines' | 'machineConfigs' | 'creations'>;
  secrets: Secrets;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/**
 * Keeps each machine's configuration as it is after every start and every change: the definition without secrets,
 * where its display really is, the display's password sealed. What Berth has not done itself shows as a difference
 * to the definition as Berth left it.
 */
export class MachineConfigs {
  readonly #deps: MachineConfigDeps;
  readonly #unsubscribe: () => void;
  /** Machines that Berth is changing, and how many changes are under way. */
  readonly #changing = new Map<string, number>();
  readonly #saving = new Map<string, Promise<void>>();

  constructor(deps: MachineConfigDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.hypervisor.subscribe((event) => this.#hear(event));
  }

  /** Carries out a change of Berth's own; the definition afterwards is Berth's. Rejects with what `act` rejects with. */
  async own<T>(machineId: string, act: () => Promise<T>): Promise<T> {
    this.#changing.set(machineId, (this.#changing.get(machineId) ?? 0) + 1);
    try {
      return await act();
    } finally {
      await this.#save(machineId, true);
      const left = (this.#changing.get(machineId) ?? 1) - 1;
      if (left === 0) this.#changing.delete(machineId);
      else this.#changing.set(machineId, left);
    }
  }

  /** Null = nothing is saved yet. */
  view(machineId: string): MachineConfigView | null {
    const config = this.#deps.store.machineConfigs.get(machineId);
    if (config === null) return null;
    const { domainXml, ownXml, displayPassword, ...shown } = config;
    return {
      ...shown,
      hasPassword: displayPassword !== null,
      changes: lineChanges(ownXml, domainXml),
    };
  }

  /** What others have changed is taken as it is. Throws `config_missing`. */
  accept(machineId: string): void {
    const { machineConfigs } = this.#deps.store;
    const config = machineConfigs.get(machineId);
    if (config === null) {
      throw new BerthError('config_missing', 'Nothing is saved of this machine yet.');
    }
    machineConfigs.save({ ...config, ownXml: config.domainXml });
  }

  /** Resolves when what is being saved is saved. */
  async settled(): Promise<void> {
    await Promise.all(this.#saving.values());
  }

  close(): void {
    this.#unsubscribe();
  }

  #hear(event: HypervisorEvent): void {
    const changed =
      event.kind === 'domain-defined' ||
      (event.kind === 'domain-state' && ['running', 'off', 'crashed'].includes(event.power));
    if (!changed) return;
    try {
      const record = this.#deps.store.machines.getByDomainUuid(event.uuid);
      if (record !== null && !this.#changing.has(record.id)) void this.#save(record.id, false);
    } catch (error) {
      this.#deps.log.error('a configuration could not be saved', { uuid: event.uuid, error });
    }
  }

  /** One after the other for each machine, so that the newest is what stays. */
  #save(machineId: string, byBerth: boolean): Promise<void> {
    const before = this.#saving.get(machineId) ?? Promise.resolve();
    const next = before.then(async () => {
      try {
        await this.#read(machineId, byBerth);
      } catch (error) {
        const gone = error instanceof BerthError && error.code === 'domain_missing';
        if (!gone) this.#deps.log.warn('a configuration could not be saved', { machineId, error });
      }
    });
    this.#saving.set(machineId, next);
    void next.then(() => {
      if (this.#saving.get(machineId) === next) this.#saving.delete(machineId);
    });
    return next;
  }

  async #read(machineId: string, byBerth: boolean): Promise<void> {
    const { hypervisor, store, clock } = this.#deps;
    const record = store.machines.get(machineId);
    if (record === null) return;
    const uuid = record.domainUuid;
    const [domainXml, secureXml, facts] = await Promise.all([
      hypervisor.domainXml(uuid, { inactive: true }),
      hypervisor.domainXml(uuid, { secure: true, inactive: true }),
      hypervisor.findDomain({ uuid }),
    ]);
    const runs = facts?.power === 'running' || facts?.power === 'paused';
    const endpoint = runs && facts.graphics !== 'none' ? await this.#endpoint(uuid) : null;
    const old = store.machineConfigs.get(machineId);
    const isOwn = byBerth || old === null || this.#isInCreation(record);
    const config: MachineConfig = {
      machineId,
      domainXml,
      ownXml: isOwn ? domainXml : old.ownXml,
      displayProtocol:
        endpoint?.protocol ?? (facts?.graphics === 'none' ? null : (facts?.graphics ?? null)),
      displayEndpoint: endpoint === null ? null : endpointText(endpoint),
      displayPassword: this.#sealed(displayPassword(secureXml), old?.displayPassword ?? null),
      hostDevices: hostDevices(domainXml),
      savedAt: clock.now(),
    };
    if (old === null || !isSame(old, config)) store.machineConfigs.save(config);
  }

  /** A display that cannot be reached now is not a configuration that cannot be saved. */
  async #endpoint(uuid: string): Promise<ConsoleEndpoint | null> {
    try {
      return await this.#deps.hypervisor.consoleEndpoint(uuid);
    } catch (error) {
      this.#deps.log.info('a display is not there', { uuid, error });
      return null;
    }
  }

  /** Until it is installed, Berth itself changes its definition. */
  #isInCreation({ creationId }: MachineRecord): boolean {
    const state = this.#deps.store.creations.get(creationId)?.creation.state;
    return state !== undefined && !TERMINAL_CREATION_STATES.includes(state);
  }

  /** The same password keeps its sealed form, which would differ each time. */
  #sealed(password: string | null, old: Uint8Array | null): Uint8Array | null {
    if (password === null) return null;
    const { secrets } = this.#deps;
    try {
      if (old !== null && secrets.open(old) === password) return old;
    } catch {
      // Sealed with a key that is gone: sealed anew.
    }
    return secrets.seal(password);
  }
}

const PASSWORD = /<graphics\s[^>]*?\bpasswd=(?:"([^"]*)"|'([^']*)')/;

function displayPassword(secureXml: string): string | null {
  const match = PASSWORD.exec(secureXml);
  return match?.[1] ?? match?.[2] ?? null;
}

function endpointText({ target }: ConsoleEndpoint): string {
  return target.kind === 'unix' ? `unix:${target.path}` : `${target.host}:${target.port}`;
}

const HOSTDEV = /<hostdev\s[^>]*type=["']pci["'][\s\S]*?<\/hostdev>/g;
const SOURCE_ADDRESS =
  /<source>\s*<address[^>]*?domain=["']0x(\w+)["'][^>]*?bus=["']0x(\w+)["'][^>]*?slot=["']0x(\w+)["'][^>]*?function=["']0x(\w+)["']/;

/** PCI addresses of the host's devices in a definition, as the kernel writes them. */
function hostDevices(xml: string): string[] {
  return [...xml.matchAll(HOSTDEV)].flatMap(([hostdev]) => {
    const [, domain, bus, slot, fn] = SOURCE_ADDRESS.exec(hostdev) ?? [];
    return domain === undefined ? [] : [`${domain}:${bus}:${slot}.${fn}`];
  });
}

function isSame(a: MachineConfig, b: MachineConfig): boolean {
  const text = ({ displayPassword: password, savedAt: _, ...rest }: MachineConfig) =>
    JSON.stringify({ ...rest, password: password && [...password] });
  return text(a) === text(b);
}
