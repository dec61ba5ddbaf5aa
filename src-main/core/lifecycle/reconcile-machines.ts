import { type Finder, FOREIGN, type Found, hasEnded, removeEffect } from './reconcile-evidence.ts';

/** Domains with Berth's mark and without a record. */
export const findOrphanDomains: Finder = async (deps, { domains, records, open, journal }) => {
  const known = new Set(records.flatMap(({ id, domainUuid }) => [id, domainUuid]));
  return domains.flatMap((domain): Found[] => {
    const { uuid, name, metadata } = domain;
    if (metadata === null || known.has(metadata.machineId) || known.has(uuid)) return [];
    if (open.has(metadata.creationId)) return [];
    const isOurs = hasEnded(deps, metadata.creationId);
    const entry = journal.find(({ effect }) => effect.kind === 'domain' && effect.uuid === uuid);
    const { machineId } = metadata;
    const common = {
      id: `domain/${uuid}`,
      kind: 'domain',
      name,
      where: 'libvirt',
      origin: `Made by creation ${metadata.creationId} from the template ${metadata.templateId}.`,
    } as const;
    if (!isOurs) {
      return [{ ...common, removes: [], kept: `${FOREIGN} Adopt it to manage it.`, remove: null }];
    }
    const removes = [`the domain ${name} with its snapshots and firmware settings`];
    const effect = { kind: 'domain', uuid, name, machineId } as const;
    return [{ ...common, removes, remove: () => removeEffect(deps, effect, entry) }];
  });
};

/** Records whose domain another tool has removed. */
export const findOrphanRecords: Finder = async (deps, { domains, records, open }) => {
  const there = new Set(domains.map(({ uuid }) => uuid));
  return records.flatMap((record): Found[] => {
    const { id, name, domainUuid, creationId } = record;
    if (there.has(domainUuid) || open.has(creationId)) return [];
    const volumes = deps.store.machines.volumes(id);
    return [
      {
        id: `record/${id}`,
        kind: 'record',
        name,
        where: 'the database',
        origin: `Machine ${id}; libvirt has no domain ${domainUuid} any more.`,
        removes: [
          `the record of ${name}`,
          ...volumes.map((volume) => `the volume ${volume.name} in the pool ${volume.pool}`),
        ],
        remove: async () => {
          await deps.deleteMachine(id);
          return `${name} is gone with its volumes.`;
        },
      },
    ];
  });
};
