import { randomUUID } from 'node:crypto';
import { createLibvirtHypervisor } from '../../../src-main/adapters/libvirt/index.ts';
import { buildDomainXml } from '../../../src-main/core/domain/domain-xml.ts';
import {
  type MachinePaths,
  type MachineSpec,
  NO_PATHS,
} from '../../../src-main/core/domain/machine-spec.ts';
import type { Hypervisor, HypervisorEvent } from '../../../src-main/core/ports/hypervisor.ts';
import { silentLog, smallMachine } from '../../contract/hypervisor/small-machine.ts';
import { startRootDaemon, type TestDaemon, waitUntil } from '../../support/daemon/index.ts';

type TimedEvent = HypervisorEvent & { readonly at: number };

export interface AdapterWorld {
  readonly daemon: TestDaemon;
  readonly hypervisor: Hypervisor;
  readonly events: TimedEvent[];
  /** Waits for an event among those after `from`. */
  seen(what: string, test: (event: TimedEvent) => boolean, from?: number): Promise<TimedEvent>;
  define(more?: Partial<MachineSpec>, paths?: Partial<MachinePaths>): Promise<MachineSpec>;
  dispose(): Promise<void>;
}

const EVENT_TIMEOUT_MS = 60_000;

/** The adapter, connected to a private root daemon. */
export async function createAdapterWorld(): Promise<AdapterWorld> {
  const daemon = await startRootDaemon();
  const pathMap = ['/var/lib/libvirt', '/run/libvirt'].map((from) => ({
    from,
    to: daemon.outerPath(from),
  }));
  const hypervisor = createLibvirtHypervisor({ uri: daemon.uri, log: silentLog, pathMap });
  const events: TimedEvent[] = [];
  hypervisor.subscribe((event) => events.push({ ...event, at: performance.now() }));
  await hypervisor.connect();
  return {
    daemon,
    hypervisor,
    events,
    seen: (what, test, from = 0) =>
      waitUntil(what, EVENT_TIMEOUT_MS, () => events.slice(from).find(test)),
    async define(more = {}, paths = {}) {
      const spec = smallMachine({ domainName: `life-${randomUUID().slice(0, 8)}`, ...more });
      const secrets = { displayPassword: 'p4ssw0rd' };
      await hypervisor.defineDomain(buildDomainXml(spec, { ...NO_PATHS, ...paths }, secrets));
      return spec;
    },
    async dispose() {
      await hypervisor.close();
      await daemon.stop();
    },
  };
}

export const isState =
  (uuid: string, power: string) =>
  (event: HypervisorEvent): boolean =>
    event.kind === 'domain-state' && event.uuid === uuid && event.power === power;
