import type { GoneDomain } from '../ports/left-files.ts';
import { baseName, folderOf } from './paths.ts';
import type { Finder, FinderDeps, Found } from './reconcile-evidence.ts';

interface OwnDomain extends GoneDomain {
  creationId: string;
  since: number;
}

const WHAT = { firmware: 'firmware settings', tpm: 'TPM state' } as const;

/** Firmware settings and TPM state of domains that this Berth has made and that libvirt has not any more. */
export const findLeftFiles: Finder = async (deps, { domains, open }) => {
  const { hypervisor } = deps;
  const uuids = new Set(domains.map(({ uuid }) => uuid));
  const names = new Set(domains.map(({ name }) => name));
  const gone = ownDomains(deps).filter((one) => !uuids.has(one.uuid) && !open.has(one.creationId));
  const found = await Promise.all(
    gone.map(async ({ uuid, name, creationId, since }) => {
      const files = await hypervisor.leftFiles({ uuid, name });
      return files
        .filter(
          // Only the name of a domain tells whose firmware settings these are.
          ({ kind, modifiedAt }) => kind === 'tpm' || (!names.has(name) && modifiedAt >= since),
        )
        .map(
          ({ path, kind }): Found => ({
            id: `file/${path}`,
            kind: 'file',
            name: baseName(path),
            where: folderOf(path),
            origin: `The ${WHAT[kind]} of the domain ${name} of creation ${creationId}, which libvirt has no more.`,
            removes: [path],
            remove: async () => {
              await hypervisor.removeLeftFile({ uuid, name }, path);
              return `${path} is gone.`;
            },
          }),
        );
    }),
  );
  const byId = new Map(found.flat().map((one) => [one.id, one]));
  return [...byId.values()];
};

/** All that a machine's record or a creation's journal names, whatever has become of it. */
function ownDomains({ store }: FinderDeps): OwnDomain[] {
  const recorded = store.machines
    .list()
    .map(({ domainUuid: uuid, domainName: name, creationId, createdAt: since }) => {
      return { uuid, name, creationId, since };
    });
  const made = store.creations.list().flatMap(({ id: creationId, createdAt: since }) =>
    store.journal.entries(creationId).flatMap(({ effect }) => {
      if (effect.kind !== 'domain') return [];
      return [{ uuid: effect.uuid, name: effect.name, creationId, since }];
    }),
  );
  return [...recorded, ...made];
}
