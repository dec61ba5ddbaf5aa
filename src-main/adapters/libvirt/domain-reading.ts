import {
  type Connection,
  type Domain,
  type DomainStats,
  DomainStatsTypes,
  DomainXMLFlags,
  type CallOptions as LibvirtCallOptions,
  LibvirtError,
  ListAllDomainsFlags,
} from 'node-libvirt';
import type { DomainFacts } from '../../core/ports/hypervisor.ts';
import type { Context, Part } from './context.ts';
import { toDomainFacts } from './domain-facts.ts';

const LIST_TIMEOUT_MS = 30_000;

type ReadPart = Part<
  'listDomains' | 'findDomain' | 'domainXml' | 'domainAutostart' | 'bytesWritten'
>;

export function domainReading({ run }: Context): ReadPart {
  return {
    listDomains: (options) =>
      run('list the machines', listDomains, { ...options, timeoutMs: LIST_TIMEOUT_MS }),
    findDomain: (ref, options) =>
      run(
        'look up the machine',
        async (connection, call) => {
          const domain = await orNull(
            'uuid' in ref
              ? connection.domainLookupByUUID(ref.uuid, call)
              : connection.domainLookupByName(ref.name, call),
          );
          return domain && orNull(readDomain(domain, call));
        },
        options,
      ),
    domainXml: (uuid, options = {}) =>
      run(
        'read the definition of the machine',
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          const secure = options.secure ? DomainXMLFlags.SECURE : 0;
          const inactive = options.inactive ? DomainXMLFlags.INACTIVE : 0;
          return domain.getXMLDesc(secure | inactive, call);
        },
        options,
      ),
    domainAutostart: (uuid) =>
      run('ask for the autostart of the machine', async (connection, call) => {
        const domain = await connection.domainLookupByUUID(uuid, call);
        return domain.getAutostart(call);
      }),
    bytesWritten: (uuid, options) =>
      run(
        'ask what the machine has written',
        async (connection, call) => {
          const domain = await connection.domainLookupByUUID(uuid, call);
          const stats = await connection.getAllDomainStats(
            [domain],
            DomainStatsTypes.BLOCK,
            0,
            call,
          );
          return sumOf(stats[0]?.params ?? {}, WRITTEN);
        },
        options,
      ),
  };
}

const WRITTEN = /^block\.\d+\.wr\.bytes$/;

/** Null when there is none: libvirt leaves out what only a running domain has. */
function sumOf(params: DomainStats['params'], wanted: RegExp): number | null {
  const found = Object.entries(params).filter(([name]) => wanted.test(name));
  if (found.length === 0) return null;
  return found.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Three calls for all and one for each, all under way together. */
async function listDomains(
  connection: Connection,
  call: LibvirtCallOptions,
): Promise<DomainFacts[]> {
  const [domains, transient, stats] = await Promise.all([
    connection.listAllDomains(0, call),
    connection.listAllDomains(ListAllDomainsFlags.TRANSIENT, call),
    connection.getAllDomainStats([], DomainStatsTypes.STATE, 0, call),
  ]);
  const transientIds = new Set(transient.map(({ uuid }) => uuid));
  const states = new Map(stats.map(({ domain, params }) => [domain.uuid, params]));
  const facts = await Promise.all(
    domains.map(async (domain) => {
      const xml = await orNull(domain.getXMLDesc(DomainXMLFlags.INACTIVE, call));
      if (xml === null) return null;
      const { uuid } = domain;
      const params = states.get(uuid);
      // One that came between the calls: ask for itself.
      if (params === undefined) return orNull(readDomain(domain, call));
      const state = Number(params['state.state']);
      const reason = Number(params['state.reason']);
      return toDomainFacts({ uuid, state, reason, persistent: !transientIds.has(uuid) }, xml);
    }),
  );
  return facts.filter((one) => one !== null);
}

async function readDomain(domain: Domain, call: LibvirtCallOptions): Promise<DomainFacts> {
  const [xml, { state, reason }, persistent] = await Promise.all([
    domain.getXMLDesc(DomainXMLFlags.INACTIVE, call),
    domain.getState(0, call),
    domain.isPersistent(call),
  ]);
  return toDomainFacts({ uuid: domain.uuid, state, reason, persistent }, xml);
}

/** Null instead of a failure when the domain does not exist, or has just gone. */
async function orNull<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof LibvirtError && error.isNoDomain) return null;
    throw error;
  }
}
