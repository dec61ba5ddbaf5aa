import type { HugepagesPolicy } from '../../../src-contract/model/template.ts';
import { formatBytes } from './resources.ts';
import type { HostTopology, NumaNode } from './topology.ts';

export interface HugepagesInput {
  policy: HugepagesPolicy;
  memoryBytes: number;
  topology: HostTopology | null;
  /** NUMA nodes that the memory must come from; null = any. */
  nodes: readonly number[] | null;
}

/** `reason` says why the machine gets no huge pages, or what it gets. */
export interface HugepagesChoice {
  hugepages: { pageBytes: number } | null;
  reason: string;
}

/** QEMU's own memory besides the guest's, which is locked with it. */
const QEMU_BYTES = 1024 ** 3;

/** Pages that are free are there: the kernel keeps them aside for whoever asks first. */
export function chooseHugepages(input: HugepagesInput): HugepagesChoice {
  const { policy, memoryBytes, topology, nodes } = input;
  if (policy === 'none') return { hugepages: null, reason: 'The machine has ordinary memory.' };
  const all = topology?.nodes ?? [];
  const eligible = nodes === null ? all : all.filter(({ id }) => nodes.includes(id));
  const sizes = pageSizes(eligible);
  const pageBytes = sizes.find((size) => fits(eligible, size, memoryBytes));
  if (pageBytes !== undefined) {
    const count = memoryBytes / pageBytes;
    const reason = `The memory is in ${count} huge pages of ${formatBytes(pageBytes)}.`;
    return { hugepages: { pageBytes }, reason };
  }
  return { hugepages: null, reason: refusal(all, eligible, memoryBytes) };
}

/** Whether a node could hold all of the memory in huge pages. */
export function hasHugepages(node: NumaNode, memoryBytes: number): boolean {
  return pageSizes([node]).some((size) => fits([node], size, memoryBytes));
}

/** Locked memory is never swapped. Where the limit is too low the machine would not start. */
export function canLock(topology: HostTopology | null, memoryBytes: number): boolean {
  if (topology === null) return false;
  return topology.memlockBytes === null || topology.memlockBytes >= memoryBytes + QEMU_BYTES;
}

/** Largest first. */
const pageSizes = (nodes: readonly NumaNode[]): number[] =>
  [...new Set(nodes.flatMap(({ hugepages }) => hugepages.map(({ pageBytes }) => pageBytes)))].sort(
    (a, b) => b - a,
  );

const freePages = (nodes: readonly NumaNode[], size: number): number =>
  nodes
    .flatMap(({ hugepages }) => hugepages)
    .filter(({ pageBytes }) => pageBytes === size)
    .reduce((sum, { free }) => sum + free, 0);

const fits = (nodes: readonly NumaNode[], size: number, bytes: number): boolean =>
  bytes % size === 0 && freePages(nodes, size) >= bytes / size;

function refusal(
  all: readonly NumaNode[],
  eligible: readonly NumaNode[],
  memoryBytes: number,
): string {
  const sizes = pageSizes(all);
  if (sizes.length === 0) return 'The host has set no huge pages aside.';
  const free = sizes
    .map((size) => `${freePages(eligible, size)} of ${formatBytes(size)}`)
    .join(' and ');
  const where = eligible.length < all.length ? ' in the NUMA nodes of its CPUs' : '';
  return `The machine needs ${formatBytes(memoryBytes)} in huge pages; free are ${free}${where}.`;
}
