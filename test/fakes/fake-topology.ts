import type { HostTopology, NumaNode } from '../../src-main/core/domain/topology.ts';

const GIB = 1024 ** 3;

interface Shape {
  nodes?: number;
  /** In each node. */
  cores: number;
  threads: number;
  memoryBytes?: number;
  offline?: readonly number[];
  /** Free pages of 2 MiB in each node. */
  hugepages?: number;
  memlockBytes?: number | null;
}

/** A regular host. As Linux does it on x86, the first threads of all cores are numbered first. */
export function fakeTopology(shape: Shape): HostTopology {
  const { nodes = 1, cores, threads, offline = [], memlockBytes = null } = shape;
  const all = nodes * cores;
  const node = (id: number): NumaNode => ({
    id,
    memoryBytes: shape.memoryBytes ?? 32 * GIB,
    freeBytes: shape.memoryBytes ?? 32 * GIB,
    cpus: Array.from({ length: threads * cores }, (_, at) => {
      const core = id * cores + (at % cores);
      const siblings = Array.from({ length: threads }, (_, thread) => core + thread * all);
      return {
        id: core + Math.floor(at / cores) * all,
        siblings: siblings.filter((cpu) => !offline.includes(cpu)),
      };
    }).filter(({ id: cpu }) => !offline.includes(cpu)),
    hugepages: pool(shape.hugepages),
  });
  return {
    nodes: Array.from({ length: nodes }, (_, id) => node(id)),
    offlineCpus: [...offline],
    memlockBytes,
  };
}

const pool = (free: number | undefined): NumaNode['hugepages'] =>
  free === undefined ? [] : [{ pageBytes: 2 * 1024 ** 2, total: free, free }];
