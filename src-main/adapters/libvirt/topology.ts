import type { Connection, CallOptions as LibvirtCallOptions } from 'node-libvirt';
import {
  type HostCpu,
  type HostTopology,
  type HugepagePool,
  type NumaNode,
  parseCpuList,
} from '../../core/domain/topology.ts';
import { BerthError } from '../../core/errors.ts';
import type { Context, Part } from './context.ts';
import type { HostScope } from './host-facts.ts';
import { allowedCpus, freeHugepages, memlockLimit, usablePageSizes } from './host-memory.ts';
import { attributeOf, findAll, findFirst, parseXml, textOf, type XmlNode } from './xml.ts';

const KIB = 1024;

/** What the capabilities do not say. */
export interface TopologyFacts {
  /** Free memory by the id of the node. */
  freeBytes: ReadonlyMap<number, number>;
  /** Sizes of huge pages that QEMU can use. */
  pageSizes: ReadonlySet<number>;
  freePages(node: number, pageBytes: number): number;
  /** Null = all. */
  allowed: ReadonlySet<number> | null;
  memlockBytes: number | null;
}

export function topology({ run }: Context, scope: () => HostScope): Part<'topology'> {
  return {
    topology: (options) =>
      run(
        'read the topology of the host',
        async (connection, call) => {
          const xml = await connection.getCapabilities(call);
          const ids = cellsOf(xml).map(idOf);
          const facts = await readFacts(connection, ids, scope(), call);
          return parseTopology(xml, facts);
        },
        options,
      ),
  };
}

async function readFacts(
  connection: Connection,
  ids: readonly number[],
  scope: HostScope,
  call: LibvirtCallOptions,
): Promise<TopologyFacts> {
  const [freeBytes, pageSizes, freePages, allowed, memlockBytes] = await Promise.all([
    freeMemory(connection, ids, call),
    usablePageSizes(scope),
    freeHugepages(ids),
    allowedCpus(),
    // The system's daemon raises the limit for its children.
    scope === 'system' ? null : memlockLimit(),
  ]);
  return {
    freeBytes,
    pageSizes,
    freePages: (node, pageBytes) => freePages.get(`${node}/${pageBytes}`) ?? 0,
    allowed,
    memlockBytes,
  };
}

/** Not knowing it is no reason to refuse a machine. */
async function freeMemory(
  connection: Connection,
  ids: readonly number[],
  call: LibvirtCallOptions,
): Promise<Map<number, number>> {
  const first = Math.min(...ids);
  const count = Math.max(...ids) - first + 1;
  if (!Number.isFinite(count)) return new Map();
  try {
    const free = await connection.getCellsFreeMemory(first, count, call);
    return new Map(free.map((bytes, index) => [first + index, Number(bytes)]));
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    return new Map();
  }
}

const cellsOf = (xml: string): XmlNode[] =>
  findAll(parseXml(xml), 'host', 'topology', 'cells', 'cell');

const idOf = (node: XmlNode): number => Number(attributeOf(node, 'id') ?? 0);

/**
 * Reads `<capabilities>` (https://libvirt.org/formatcaps.html). A CPU that is offline has an id and nothing else.
 * Null when it tells of no NUMA node. Throws `xml_invalid`.
 */
export function parseTopology(xml: string, facts: TopologyFacts): HostTopology | null {
  const cells = cellsOf(xml);
  if (cells.length === 0) return null;
  const all = cells.flatMap((cell) => findAll(cell, 'cpus', 'cpu'));
  const offlineCpus = all.filter(isOffline).map(idOf).sort(ascending);
  return {
    nodes: cells.map((cell) => parseCell(cell, facts)).sort((a, b) => a.id - b.id),
    offlineCpus,
    memlockBytes: facts.memlockBytes,
  };
}

const ascending = (a: number, b: number): number => a - b;
const isOffline = (cpu: XmlNode): boolean => attributeOf(cpu, 'siblings') === undefined;

function parseCell(cell: XmlNode, facts: TopologyFacts): NumaNode {
  const id = idOf(cell);
  const memory = findFirst(cell, 'memory');
  return {
    id,
    memoryBytes: Number(textOf(memory) ?? 0) * KIB,
    freeBytes: facts.freeBytes.get(id) ?? null,
    cpus: parseCpus(cell, facts.allowed),
    hugepages: parsePages(cell, id, facts),
  };
}

function parseCpus(cell: XmlNode, allowed: TopologyFacts['allowed']): HostCpu[] {
  const usable = (id: number) => allowed?.has(id) ?? true;
  return findAll(cell, 'cpus', 'cpu')
    .filter((cpu) => !isOffline(cpu) && usable(idOf(cpu)))
    .map((cpu) => {
      const siblings = parseCpuList(attributeOf(cpu, 'siblings') ?? '');
      if (siblings === null) {
        throw new BerthError('xml_invalid', 'libvirt tells of CPUs in an unknown way.');
      }
      return { id: idOf(cpu), siblings };
    })
    .sort((a, b) => a.id - b.id);
}

function parsePages(cell: XmlNode, node: number, facts: TopologyFacts): HugepagePool[] {
  return findAll(cell, 'pages')
    .map((pages) => ({
      pageBytes: Number(attributeOf(pages, 'size') ?? 0) * KIB,
      total: Number(textOf(pages) ?? 0),
    }))
    .filter(({ pageBytes }) => facts.pageSizes.has(pageBytes))
    .map((pool) => ({ ...pool, free: facts.freePages(node, pool.pageBytes) }));
}
