import { domainNameFor, nameKey, nameProblem } from '../domain/naming.ts';
import { BerthError } from '../errors.ts';
import type { Hypervisor } from '../ports/hypervisor.ts';
import type { MachineRecord, Store } from '../ports/repositories.ts';
import type { Log } from '../ports/system.ts';
import { refuseUnsettled } from './in-creation.ts';
import type { KeyedQueue } from './keyed-queue.ts';
import type { MachineConfigs } from './machine-configs.ts';
import type { MachineLibrary } from './machines.ts';
import { ownRecord } from './own-record.ts';

export interface RenameDeps {
  hypervisor: Hypervisor;
  store: Pick<Store, 'machines' | 'creations'>;
  library: MachineLibrary;
  configs: MachineConfigs;
  queue: KeyedQueue;
  log: Log;
}

/**
 * Gives a machine another name: in Berth, as the domain's title, and, where the domain is off, as the domain's name.
 * Its volumes keep theirs. Rejects with `name_invalid`, `name_taken`, `machine_external`, `machine_in_creation`, or
 * what libvirt says; then the old name stays.
 */
export function renameMachine(deps: RenameDeps, machineId: string, name: string): Promise<void> {
  const wanted = name.trim();
  return deps.queue.run(machineId, `rename ${wanted}`, async () => {
    const problem = nameProblem(wanted);
    if (problem !== null) throw new BerthError('name_invalid', problem);
    const hint = 'Adopt it first, or rename it where it was made.';
    const record = ownRecord(deps, machineId, hint);
    refuseUnsettled(deps.store, record);
    if (wanted === record.name) return;
    deps.store.machines.update(machineId, { name: wanted });
    try {
      await deps.configs.own(machineId, async () => {
        await deps.hypervisor.setDomainTitle(record.domainUuid, wanted);
        await renameDomain(deps, record, wanted);
      });
    } catch (error) {
      deps.store.machines.update(machineId, { name: record.name });
      throw error;
    } finally {
      await deps.library.reread(record.domainUuid);
      deps.library.machineChanged(machineId);
    }
  });
}

/**
 * libvirt renames only what is off and has no snapshots, and it finds the settings of a UEFI by the domain's old name:
 * they would be lost. The title has the name in any case.
 */
async function renameDomain(
  { hypervisor, store, log }: RenameDeps,
  record: MachineRecord,
  name: string,
): Promise<void> {
  const domains = await hypervisor.listDomains();
  const own = domains.find(({ uuid }) => uuid === record.domainUuid);
  if (own?.power !== 'off') return;
  if (isUefi(await hypervisor.domainXml(record.domainUuid, { inactive: true }))) return;
  const taken = new Set(
    [
      ...domains.filter((one) => one !== own).map((one) => one.name),
      ...store.machines.list().flatMap((one) => (one.id === record.id ? [] : [one.domainName])),
    ].map(nameKey),
  );
  const domainName = domainNameFor(name, (candidate) => taken.has(nameKey(candidate)));
  if (domainName === own.name) return;
  try {
    await hypervisor.renameDomain(record.domainUuid, domainName);
  } catch (error) {
    log.warn('a domain keeps its name', { machineId: record.id, error });
    return;
  }
  store.machines.update(record.id, { domainName });
}

const isUefi = (xml: string): boolean => /<loader[\s>]|<os [^>]*firmware=["']efi["']/.test(xml);
