/** One logical CPU of the host. */
export interface HostCpu {
  id: number;
  /** Logical CPUs of the same core, itself included, ascending; online ones only. */
  siblings: readonly number[];
}

/** Huge pages of one size in one NUMA node. */
export interface HugepagePool {
  pageBytes: number;
  total: number;
  free: number;
}

export interface NumaNode {
  id: number;
  memoryBytes: number;
  /** Memory that nothing uses now; null = not told. */
  freeBytes: number | null;
  /** Online CPUs that machines may run on, ascending. */
  cpus: readonly HostCpu[];
  /** Sizes that the kernel keeps a pool of, ordinary pages left out. */
  hugepages: readonly HugepagePool[];
}

/** How the host's CPUs and memory hang together. */
export interface HostTopology {
  /** Ascending by id; nodes without CPUs included. */
  nodes: readonly NumaNode[];
  /** CPUs that are there but switched off. */
  offlineCpus: readonly number[];
  /** What QEMU's process may lock into memory; null = no limit. */
  memlockBytes: number | null;
}

export const onlineCpus = ({ nodes }: HostTopology): number[] =>
  nodes.flatMap(({ cpus }) => cpus.map(({ id }) => id)).sort((a, b) => a - b);

/** The cores of a node: each a list of its logical CPUs. */
export function coresOf({ cpus }: NumaNode): number[][] {
  const cores = new Map<string, number[]>();
  for (const { id, siblings } of cpus) {
    const key = siblings.join();
    cores.set(key, [...(cores.get(key) ?? []), id]);
  }
  return [...cores.values()];
}

/**
 * A list of CPUs as the kernel and libvirt write it (`0-3,8,^2`), ascending. Null when it is not one.
 * Format: cpuset(7), "List format"; libvirt adds `^` for "but not".
 */
export function parseCpuList(text: string): number[] | null {
  const cpus = new Set<number>();
  for (const part of text.split(',').map((one) => one.trim())) {
    if (part === '') continue;
    const match = /^(\^)?(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (match === null) return null;
    const [, not, from, to = from] = match;
    for (let cpu = Number(from); cpu <= Number(to); cpu++) {
      if (not) cpus.delete(cpu);
      else cpus.add(cpu);
    }
  }
  return [...cpus].sort((a, b) => a - b);
}

/** The reverse of {@link parseCpuList}, with ranges. */
export function formatCpuList(cpus: readonly number[]): string {
  const sorted = [...new Set(cpus)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const cpu of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === cpu - 1) last[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join();
}
