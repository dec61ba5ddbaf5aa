import { pathAccess } from '../adapters/system/path-access.ts';
import { createCreationService } from '../core/creation/index.ts';
import { AddressBook } from '../core/lifecycle/addresses.ts';
import { Audit } from '../core/lifecycle/audit.ts';
import { readDetails } from '../core/lifecycle/details.ts';
import { dismissCreation } from '../core/lifecycle/dismiss.ts';
import { examine } from '../core/lifecycle/doctor.ts';
import { applyFix } from '../core/lifecycle/fixes.ts';
import { ForeignChanges } from '../core/lifecycle/foreign.ts';
import { countGpus, GpuService } from '../core/lifecycle/gpus.ts';
import { History } from '../core/lifecycle/history.ts';
import { HostLink } from '../core/lifecycle/host.ts';
import { Hub } from '../core/lifecycle/hub.ts';
import { MachineLibrary } from '../core/lifecycle/machines.ts';
import { MediaLibrary } from '../core/lifecycle/media-library.ts';
import { MetricsKeeper } from '../core/lifecycle/metrics.ts';
import { PolicyService, readPolicies } from '../core/lifecycle/policies.ts';
import { takeSnapshot } from '../core/lifecycle/snapshot.ts';
import type { BuiltIns } from '../core/lifecycle/templates.ts';
import type { Services } from '../ipc/handlers.ts';
import { Displays } from './displays.ts';
import { buildGate, type Gate } from './gate.ts';
import { buildLifecycle } from './lifecycle.ts';
import { buildNetworking } from './networking.ts';
import { parseXml } from './parse-xml.ts';
import type { Ports } from './ports.ts';
import { buildTemplates } from './templates.ts';

export type { Ports } from './ports.ts';

/** The running core, without a window. */
export interface Berth extends Services, Gate {
  ports: Ports;
  hub: Hub;
  link: HostLink;
  displays: Displays;
  /** Connects and lists once. Rejects with `libvirt_*`. */
  connect(): Promise<void>;
  /** Asks for a machine's addresses now; they are in its row afterwards. */
  refreshAddresses(machineId: string, signal?: AbortSignal): Promise<void>;
  /** Undoes or adopts what dead processes left; needs the connection. */
  recover(): ReturnType<Services['creations']['recover']>;
  /** Shows live what other processes do in the same database. */
  followOthers(): void;
  /** Ends everything in the reverse order. */
  close(): Promise<void>;
}

export interface CoreOptions {
  /** Whether this process lives long enough to go on with what waited in the queue of a dead one. */
  resumesQueued: boolean;
}

const POOL = 'berth';

type Parts = ReturnType<typeof buildParts>;

function buildParts(ports: Ports, builtIns: BuiltIns, options: CoreOptions) {
  const { hypervisor, store, clock, log } = ports;
  const hub = new Hub(clock, log);
  const policies = new PolicyService(store.settings);
  const templating = buildTemplates(ports, builtIns, { hub, policies });
  const { templates } = templating;
  const library = new MachineLibrary({ hypervisor, store, hub, log });
  const link = new HostLink({ hypervisor, library, hub, clock, log });
  const addresses = new AddressBook({ hypervisor, library, hub, clock, log });
  const creations = createCreationService({
    ...ports,
    events: hub,
    templates: templates.list,
    applications: templates.applications,
    hostFacts: (signal) => link.facts(signal),
    machineChanged: (machineId) => library.machineChanged(machineId),
    config: {
      pool: POOL,
      resumesQueued: options.resumesQueued,
      get slots() {
        return readPolicies(store.settings).creationSlots;
      },
      get memoryOvercommit() {
        return readPolicies(store.settings).memoryOvercommit;
      },
      get memoryCounts() {
        return readPolicies(store.settings).memoryCounts;
      },
      // Asked when a machine is made: before the connection nobody knows its scope.
      get graphicsListen() {
        return process.geteuid?.() === 0 || link.host.scope === 'session' ? 'socket' : 'loopback';
      },
    },
  });
  const media = new MediaLibrary({ ...ports, builder: ports.media, hub, pool: POOL });
  const displays = new Displays({ hypervisor, library, log });
  const audit = new Audit(ports);
  const gate = buildGate(ports, { hub, library }, audit);
  const networking = buildNetworking(ports, gate);
  const { secure } = networking;
  const around = { hub, library, link, creations, media, pool: POOL, secure };
  const metrics = new MetricsKeeper({
    ...ports,
    hub,
    audit,
    templates: templates.list,
    gpusOf: (machineIds) => countGpus(store.gpuClaims.list(), machineIds),
  });
  const history = new History({ ...ports, audit, metrics, access: gate.access });
  const gpus = new GpuService({ ...ports, link, access: gate.access });
  return {
    ...gate,
    ...networking,
    gpus,
    history,
    ...templating,
    policies,
    metrics,
    hub,
    library,
    link,
    addresses,
    ...buildLifecycle(ports, around),
    creations,
    media,
    displays,
  };
}

export function wireCore(
  ports: Ports,
  builtIns: BuiltIns,
  closeLog: () => void,
  options: CoreOptions = { resumesQueued: false },
): Berth {
  const parts = buildParts(ports, builtIns, options);
  const { hub, library, link, addresses, power, creations, media, displays } = parts;
  const { access, commands, departments, events, history } = parts;
  const { hypervisor, store, system } = ports;
  const host = { builder: ports.media, pool: POOL, pathAccess: pathAccess() };
  const doctor = { ...parts, ...ports, ...host };
  const recover = singleFlight(async () => {
    await media.recover();
    await parts.lifecycle.recoverDisks();
    const outcomes = await creations.recover();
    history.recovered(outcomes);
    return outcomes;
  });
  let foreign: ForeignChanges | null = null;
  return {
    ports,
    access,
    commands,
    departments,
    filters: parts.filters,
    networking: parts.networking,
    hostNetworks: parts.hostNetworks,
    gpus: parts.gpus,
    events,
    history,
    policies: parts.policies,
    hub,
    link,
    library,
    power,
    creations,
    media,
    templates: parts.templates,
    exchange: parts.exchange,
    backups: parts.backups,
    displays,
    snapshot: () => takeSnapshot({ ...ports, ...parts }),
    doctor: () => examine({ ...doctor, findViewer: () => displays.findViewer() }),
    applyFix: (fix) => applyFix(hypervisor, fix),
    lifecycle: parts.lifecycle,
    deleteMachine: (machineId) => parts.lifecycle.delete(machineId),
    dismissCreation: (creationId) => dismissCreation({ store, creations }, creationId),
    details: async (machineId) => {
      void addresses.refresh(machineId);
      return readDetails({ hypervisor, store, parseXml }, library.get(machineId));
    },
    screenshot: async (machineId) => {
      const picture = await hypervisor.screenshot(library.get(machineId).domainUuid);
      return picture && { mime: picture.mime, data: new Uint8Array(picture.data) };
    },
    refreshAddresses: (machineId, signal) => addresses.refresh(machineId, signal),
    consoleTicket: (machineId, origins) => displays.ticket(machineId, origins),
    openViewer: (machineId) => displays.openViewer(machineId),
    connect: () => link.connect(),
    recover,
    followOthers: () => {
      const isConnected = () => link.host.connection === 'connected';
      const whenConnected = { recover: async () => (isConnected() ? recover() : []) };
      parts.backups.start();
      parts.lifecycle.reconciler.follow();
      foreign ??= new ForeignChanges({ ...ports, ...parts, system, creations: whenConnected });
    },
    close: async () => {
      foreign?.close();
      await closeParts(parts);
      await hypervisor.close();
      store.close();
      closeLog();
    },
  };
}

/** Calls while one is under way share its result. */
function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let flight: Promise<T> | null = null;
  return () => {
    flight ??= work().finally(() => {
      flight = null;
    });
    return flight;
  };
}

async function closeParts(parts: Parts): Promise<void> {
  await parts.displays.close();
  parts.lifecycle.reconciler.close();
  parts.configs.close();
  parts.power.close();
  await parts.media.close();
  await parts.creations.close();
  parts.metrics.close();
  parts.departments.close();
  parts.backups.close();
  parts.templates.close();
  parts.addresses.close();
  parts.link.close();
}
