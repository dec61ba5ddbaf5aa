import type { Finding } from '../../../src-contract/model/error.ts';
import type { Machine, PowerState } from '../../../src-contract/model/machine.ts';
import { BerthError } from '../errors.ts';
import type { DomainFacts, Hypervisor, HypervisorEvent } from '../ports/hypervisor.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Log } from '../ports/system.ts';
import type { Hub } from './hub.ts';
import {
  externalRow,
  NO_OVERLAY,
  type Overlay,
  recordRow,
  removed,
  sameRow,
  statusChanged,
} from './rows.ts';

export interface LibraryDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines' | 'creations'>;
  hub: Hub;
  log: Log;
}

type DomainState = Extract<HypervisorEvent, { kind: 'domain-state' }>;

/**
 * The rows of the library, in memory: records merged with libvirt's domains. It is kept fresh by events alone;
 * a power event becomes a row from its own fields, without another call.
 */
export class MachineLibrary {
  readonly #deps: LibraryDeps;
  readonly #rows = new Map<string, Machine>();
  readonly #facts = new Map<string, DomainFacts>();
  readonly #overlays = new Map<string, Overlay>();
  /** Newest power event of each domain, by arrival; facts that were asked for earlier must not override it. */
  readonly #power = new Map<string, { at: number; event: DomainState }>();
  readonly #reading = new Map<string, Promise<void>>();
  #arrivals = 0;
  #listed = false;
  #refreshing: Promise<void> | null = null;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
    this.#rebuild();
  }

  list(): Machine[] {
    return [...this.#rows.values()];
  }

  /** Throws `machine_missing`. */
  get(machineId: string): Machine {
    const row = this.#rows.get(machineId);
    if (row === undefined) {
      throw new BerthError('machine_missing', 'This machine does not exist any more.');
    }
    return row;
  }

  peek(machineId: string): Machine | undefined {
    return this.#rows.get(machineId);
  }

  /** Lists again, after a connection was made; tells the whole list. */
  refresh(signal?: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#refresh(signal).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  fold(event: HypervisorEvent): void {
    if (event.kind === 'domain-state') this.#foldState(event);
    else if (event.kind === 'domain-defined') void this.#read(event.uuid);
  }

  /** Reads a domain's facts again, after a change that no event may tell. Never rejects. */
  reread(uuid: string): Promise<void> {
    return this.#read(uuid);
  }

  /** The record was written, changed or removed by someone else in this process. */
  machineChanged(machineId: string): void {
    const record = this.#deps.store.machines.get(machineId);
    const known = this.#rows.get(machineId);
    const uuid = record?.domainUuid ?? known?.domainUuid;
    if (uuid !== undefined) this.#update(uuid, record, machineId);
  }

  /** Records may have been changed by another process: compares all of them. */
  recordsChanged(): void {
    const records = this.#deps.store.machines.list();
    const seen = new Set(records.map((record) => record.id));
    for (const record of records) this.#update(record.domainUuid, record, record.id);
    for (const row of [...this.#rows.values()]) {
      if (row.origin === 'berth' && !seen.has(row.id)) this.#update(row.domainUuid, null, row.id);
    }
  }

  /** Shows a transition until libvirt tells the next state, or until it is taken back with null. */
  setPending(machineId: string, pending: PowerState | null): void {
    this.#overlay(machineId, { pending });
  }

  setAddresses(machineId: string, addresses: string[]): void {
    this.#overlay(machineId, { addresses });
  }

  /** Notes that last until the machine's power state changes. */
  setNotes(machineId: string, notes: Finding[]): void {
    this.#overlay(machineId, { notes });
  }

  #overlay(machineId: string, change: Partial<Overlay>): void {
    const row = this.#rows.get(machineId);
    if (row === undefined) return;
    const old = this.#overlays.get(machineId) ?? NO_OVERLAY;
    this.#overlays.set(machineId, { ...old, ...change });
    this.#update(row.domainUuid, this.#record(row.domainUuid), machineId);
  }

  #record(uuid: string): MachineRecord | null {
    return this.#deps.store.machines.getByDomainUuid(uuid);
  }

  async #refresh(signal?: AbortSignal): Promise<void> {
    const before = this.#arrivals;
    const domains = await this.#deps.hypervisor.listDomains(signal ? { signal } : {});
    this.#facts.clear();
    for (const facts of domains) this.#facts.set(facts.uuid, facts);
    for (const [uuid, { at, event }] of this.#power) {
      if (at > before) this.#apply(event);
      else if (!this.#facts.has(uuid)) this.#power.delete(uuid);
    }
    this.#listed = true;
    this.#rebuild();
    this.#deps.hub.emit({ type: 'machines.reset', machines: this.list() });
  }

  #rebuild(): void {
    const revision = this.#deps.hub.revision + 1;
    const { machines, creations } = this.#deps.store;
    const records = machines.list();
    const open = new Set(creations.open().map((row) => row.creation.id));
    const ours = new Set(records.map((record) => record.domainUuid));
    this.#rows.clear();
    for (const record of records) {
      const facts = this.#facts.get(record.domainUuid);
      if (facts === undefined && open.has(record.creationId)) continue;
      const overlay = this.#settledOverlay(record.id);
      this.#rows.set(record.id, { ...recordRow(record, facts, overlay, this.#listed), revision });
    }
    for (const facts of this.#facts.values()) {
      if (ours.has(facts.uuid)) continue;
      this.#rows.set(facts.uuid, {
        ...externalRow(facts, this.#settledOverlay(facts.uuid)),
        revision,
      });
    }
    for (const id of this.#overlays.keys()) if (!this.#rows.has(id)) this.#overlays.delete(id);
  }

  /** A list is newer than whatever was pending: the answer may have been lost with the connection. */
  #settledOverlay(machineId: string): Overlay {
    const overlay = this.#overlays.get(machineId);
    if (overlay === undefined) return NO_OVERLAY;
    const settled = { ...overlay, pending: null };
    this.#overlays.set(machineId, settled);
    return settled;
  }

  #foldState(event: DomainState): void {
    this.#arrivals += 1;
    this.#power.set(event.uuid, { at: this.#arrivals, event });
    if (!this.#apply(event)) {
      void this.#read(event.uuid);
      return;
    }
    const record = this.#record(event.uuid);
    const id = record?.id ?? event.uuid;
    const overlay = this.#overlays.get(id);
    if (overlay !== undefined) {
      const addresses = event.power === 'running' ? overlay.addresses : [];
      this.#overlays.set(id, { pending: null, addresses, notes: [] });
    }
    this.#update(event.uuid, record, id);
  }

  /** False when the domain is not known yet. */
  #apply(event: DomainState): boolean {
    const facts = this.#facts.get(event.uuid);
    if (event.power === 'gone') {
      this.#facts.delete(event.uuid);
      return true;
    }
    if (facts === undefined) return false;
    this.#facts.set(event.uuid, { ...facts, power: event.power });
    return true;
  }

  /** Reads a domain's facts; calls for the same domain join, and one that arrives meanwhile reads again. */
  #read(uuid: string): Promise<void> {
    const previous = this.#reading.get(uuid) ?? Promise.resolve();
    const next = previous.then(async () => {
      if (this.#reading.get(uuid) !== next) return;
      const before = this.#arrivals;
      try {
        const facts = await this.#deps.hypervisor.findDomain({ uuid });
        if (facts === null) this.#facts.delete(uuid);
        else this.#facts.set(uuid, facts);
        const newest = this.#power.get(uuid);
        if (newest !== undefined && newest.at > before) this.#apply(newest.event);
        const record = this.#record(uuid);
        this.#update(uuid, record, record?.id ?? uuid);
      } catch (error) {
        this.#deps.log.warn('a domain could not be read', { uuid, error });
      } finally {
        if (this.#reading.get(uuid) === next) this.#reading.delete(uuid);
      }
    });
    this.#reading.set(uuid, next);
    return next;
  }

  /** Rebuilds the row of one domain and tells what changed. `formerId` = the id that its row may have had. */
  #update(uuid: string, record: MachineRecord | null, formerId: string): void {
    const overlay = this.#overlays.get(record?.id ?? uuid) ?? NO_OVERLAY;
    const row = this.#row(record, this.#facts.get(uuid), overlay);
    for (const id of new Set([uuid, formerId])) if (id !== row?.id) this.#drop(id);
    if (row === null) return;
    const old = this.#rows.get(row.id);
    if (old !== undefined && sameRow(old, row)) return;
    this.#rows.set(row.id, { ...row, revision: this.#deps.hub.revision + 1 });
    this.#deps.hub.emit(statusChanged(row));
  }

  #row(record: MachineRecord | null, facts: DomainFacts | undefined, overlay: Overlay) {
    if (record === null) return facts === undefined ? null : externalRow(facts, overlay);
    if (facts === undefined && this.#isOpen(record.creationId)) return null;
    return recordRow(record, facts, overlay, this.#listed);
  }

  /** Until its domain is defined, a machine in creation is shown by its creation alone. */
  #isOpen(creationId: string): boolean {
    return this.#deps.store.creations.open().some((row) => row.creation.id === creationId);
  }

  #drop(machineId: string): void {
    const row = this.#rows.get(machineId);
    if (row === undefined) return;
    this.#rows.delete(machineId);
    this.#overlays.delete(machineId);
    this.#deps.hub.emit(removed(row));
  }
}
