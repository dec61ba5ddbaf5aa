import { ownNetworkName } from '../domain/department-network.ts';
import { BerthError } from '../errors.ts';
import { type Finder, FOREIGN, type Found, removeEffect } from './reconcile-evidence.ts';

const PREFIX = 'berth-';

/** Network filters that are named like Berth's and whose machine or department is gone. */
export const findOrphanFilters: Finder = async (deps, { records, open, journal }) => {
  const { hypervisor, store } = deps;
  const filters = await hypervisor.listNwFilters().catch(unlessUnsupported);
  const owners = new Set([
    ...records.map(({ id }) => id),
    ...store.departments.list().map(({ id }) => id),
  ]);
  const inCreation = new Set(
    store.journal
      .remaining()
      .flatMap(({ creationId, effect }) =>
        open.has(creationId) && effect.kind === 'nwfilter' ? [effect.uuid] : [],
      ),
  );
  return filters.flatMap(({ name, uuid }): Found[] => {
    if (!name.startsWith(PREFIX) || inCreation.has(uuid)) return [];
    const record = store.filters.list().find((one) => one.uuid === uuid);
    if (record !== undefined && owners.has(record.owner.id)) return [];
    const entry = journal.find(({ effect }) => effect.kind === 'nwfilter' && effect.uuid === uuid);
    const written = entry?.effect.kind === 'nwfilter' ? entry.effect.owner : undefined;
    const owner = record?.owner ?? written;
    const common = { id: `nwfilter/${uuid}`, kind: 'nwfilter', name, where: 'libvirt' } as const;
    if (owner === undefined || owners.has(owner.id)) {
      const origin = 'Its name is like those that Berth gives.';
      return [{ ...common, origin, removes: [], kept: FOREIGN, remove: null }];
    }
    const origin = `Made for the ${owner.kind} ${owner.id}, which is gone.`;
    const effect = { kind: 'nwfilter', name, uuid, owner } as const;
    const remove = async () => {
      const gone = await removeEffect(deps, effect, entry);
      store.filters.remove(owner);
      return gone;
    };
    return [{ ...common, origin, removes: [`the network filter ${name}`], remove }];
  });
};

const OWN_NETWORK = /^berth-[0-9a-f]{8}$/;

/** Networks that are named like a department's and of which no department knows. */
export const findOrphanNetworks: Finder = async ({ hypervisor, store }) => {
  const networks = await hypervisor.listNetworks();
  const known = new Set(store.departments.list().map(({ id }) => ownNetworkName(id)));
  return networks.flatMap(({ name }): Found[] =>
    !OWN_NETWORK.test(name) || known.has(name)
      ? []
      : [
          {
            id: `network/${name}`,
            kind: 'network',
            name,
            where: 'libvirt',
            origin: 'Its name is like those that Berth gives to departments’ networks.',
            removes: [],
            kept: `${FOREIGN} "virsh net-destroy" and "virsh net-undefine" remove it.`,
            remove: null,
          },
        ],
  );
};

/** A session's daemon has no filters. */
function unlessUnsupported(error: unknown): never[] {
  if (error instanceof BerthError && error.code === 'unsupported') return [];
  throw error;
}
