import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCapabilities } from '../../../test/fixtures/capabilities/index.ts';
import { onlineCpus } from '../../core/domain/topology.ts';
import { allowedCpus, freeHugepages, memlockLimit, usablePageSizes } from './host-memory.ts';
import { parseTopology, type TopologyFacts } from './topology.ts';

const MIB = 1024 ** 2;
const FACTS: TopologyFacts = {
  freeBytes: new Map(),
  pageSizes: new Set([2 * MIB, 1024 * MIB]),
  freePages: () => 0,
  allowed: null,
  memlockBytes: null,
};

describe('parseTopology', () => {
  it('reads nodes, cores and huge pages of two sockets', () => {
    const freePages = (node: number, bytes: number) => (bytes === 2 * MIB ? 100 + node : 0);
    const freeBytes = new Map([[1, 5 * MIB]]);
    const xml = readCapabilities('two-nodes-smt');
    const topology = parseTopology(xml, { ...FACTS, freePages, freeBytes });
    const [first, second] = topology?.nodes ?? [];
    expect(first?.cpus.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => index * 2),
    );
    expect(second?.cpus[0]).toEqual({ id: 1, siblings: [1, 21] });
    expect(first).toMatchObject({ id: 0, memoryBytes: 65843908 * 1024, freeBytes: null });
    expect(second).toMatchObject({ id: 1, freeBytes: 5 * MIB });
    expect(second?.hugepages).toEqual([
      { pageBytes: 2 * MIB, total: 8192, free: 101 },
      { pageBytes: 1024 * MIB, total: 0, free: 0 },
    ]);
  });

  it('knows offline CPUs by what is missing of them', () => {
    const topology = parseTopology(readCapabilities('offline-cpus'), FACTS);
    expect(topology?.offlineCpus).toEqual([5, 7]);
    expect(topology && onlineCpus(topology)).toEqual([0, 1, 2, 3, 4, 6]);
  });

  it('leaves out CPUs that this cgroup may not use', () => {
    const xml = readCapabilities('one-node-two-cpus');
    const topology = parseTopology(xml, { ...FACTS, allowed: new Set([1, 7]) });
    expect(topology && onlineCpus(topology)).toEqual([1]);
    expect(topology?.offlineCpus).toEqual([]);
  });

  it('leaves out pages that QEMU has no file system for', () => {
    const xml = readCapabilities('epyc-eight-nodes');
    const topology = parseTopology(xml, { ...FACTS, pageSizes: new Set([1024 * MIB]) });
    expect(topology?.nodes[5]?.hugepages).toEqual([{ pageBytes: 1024 * MIB, total: 4, free: 0 }]);
    expect(topology?.nodes).toHaveLength(8);
  });

  it('takes a node without CPUs', () => {
    const topology = parseTopology(readCapabilities('memory-only-node'), FACTS);
    expect(topology?.nodes.map(({ id, cpus }) => [id, cpus.length])).toEqual([
      [0, 8],
      [2, 0],
    ]);
  });

  it('is null for a daemon that tells of no node, as the test driver of old', () => {
    expect(parseTopology('<capabilities><host/></capabilities>', FACTS)).toBeNull();
  });

  it('refuses text that is no XML', () => {
    expect(() => parseTopology('<capabilities', FACTS)).toThrow(
      expect.objectContaining({ code: 'xml_invalid' }),
    );
  });
});

describe('what the kernel tells', () => {
  let root = '';
  const put = (path: string, text: string) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const folders = () => ({ proc: join(root, 'proc'), sys: join(root, 'sys') });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'berth-kernel-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('knows page sizes by the mounts of hugetlbfs', async () => {
    put('proc/meminfo', 'MemTotal: 1 kB\nHugepagesize:       2048 kB\n');
    put(
      'proc/mounts',
      'hugetlbfs /dev/hugepages hugetlbfs rw,relatime 0 0\nnone /huge1g hugetlbfs rw,pagesize=1024M 0 0\ntmpfs /x tmpfs rw 0 0\n',
    );
    expect(await usablePageSizes('system', folders())).toEqual(new Set([2 * MIB, 1024 * MIB]));
    // Neither folder is here to be written to.
    put('proc/mounts', `hugetlbfs ${root}/nowhere hugetlbfs rw,pagesize=2M 0 0\n`);
    expect(await usablePageSizes('session', folders())).toEqual(new Set());
    put('proc/mounts', `hugetlbfs ${root} hugetlbfs rw,pagesize=2M 0 0\n`);
    expect(await usablePageSizes('session', folders())).toEqual(new Set([2 * MIB]));
  });

  it('counts free pages of each node, or of the whole host without NUMA', async () => {
    const pool = 'hugepages/hugepages-2048kB/free_hugepages';
    put(`sys/devices/system/node/node0/${pool}`, '7\n');
    put(`sys/devices/system/node/node1/${pool}`, '9\n');
    expect(await freeHugepages([0, 1], folders())).toEqual(
      new Map([
        [`0/${2 * MIB}`, 7],
        [`1/${2 * MIB}`, 9],
      ]),
    );
    put(`sys/kernel/mm/${pool}`, '5\n');
    rmSync(join(root, 'sys/devices'), { recursive: true });
    expect(await freeHugepages([0], folders())).toEqual(new Map([[`0/${2 * MIB}`, 5]]));
    expect(await freeHugepages([0, 1], folders())).toEqual(new Map());
  });

  it('reads allowed CPUs and the limit of locked memory', async () => {
    put('proc/self/status', 'Name:\tx\nCpus_allowed_list:\t0-1,4\n');
    const limits = (hard: string) =>
      put('proc/self/limits', `Max locked memory         65536        ${hard}      bytes\n`);
    expect(await allowedCpus(folders())).toEqual(new Set([0, 1, 4]));
    limits('8388608');
    expect(await memlockLimit(folders())).toBe(8 * MIB);
    limits('unlimited');
    expect(await memlockLimit(folders())).toBeNull();
  });

  it('does without files that are not there', async () => {
    expect(await usablePageSizes('system', folders())).toEqual(new Set());
    expect(await allowedCpus(folders())).toBeNull();
    expect(await memlockLimit(folders())).toBe(0);
  });
});
