import type { CpuPolicy } from '../../../src-contract/model/template.ts';
import {
  coresOf,
  formatCpuList,
  type HostTopology,
  type NumaNode,
  onlineCpus,
} from './topology.ts';

/** Which host CPUs the threads of a machine may run on. */
export interface Pinning {
  /** One list for each vCPU. */
  vcpus: readonly (readonly number[])[];
  emulator: readonly number[];
  iothread: readonly number[];
  /** NUMA nodes that the memory comes from. */
  nodes: readonly number[];
  /** libvirt's `numatune` mode. `strict` only where the memory is free now: a full node would kill the machine. */
  memoryMode: 'strict' | 'preferred' | 'interleave';
  /** Host CPUs that belong to the machine alone; empty unless dedicated. */
  claimed: readonly number[];
  /** Threads that the guest sees in a core. */
  threads: number;
}

export interface PinningInput {
  policy: CpuPolicy;
  vcpus: number;
  memoryBytes: number;
  /** Null = the host does not tell. */
  topology: HostTopology | null;
  /** CPUs that belong to other machines. */
  taken: ReadonlySet<number>;
  /** CPUs that the machine has claimed already; its vCPUs then go there. */
  own: readonly number[];
  /** Nodes to be preferred, such as those with enough huge pages. */
  prefers?: (node: NumaNode) => boolean;
}

/** `pinning` is null where the machine is better left to the scheduler; `reason` says why either way. */
export interface PinningChoice {
  pinning: Pinning | null;
  reason: string;
}

/** Below this a host has nothing to give away: its own processes need CPUs too. */
const SMALLEST_HOST = 4;

const no = (reason: string): PinningChoice => ({ pinning: null, reason });
const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Binds vCPUs to host CPUs by the policy, or says why not. The same input gives the same answer. */
export function choosePinning(input: PinningInput): PinningChoice {
  const { policy, topology } = input;
  if (policy === 'none') return no('The scheduler of the host places the CPUs.');
  if (topology === null) return no('This host does not tell how its CPUs hang together.');
  const online = onlineCpus(topology);
  if (online.length < SMALLEST_HOST) {
    return no(
      `The host has ${plural(online.length, 'CPU')}: with so few, bound CPUs make all machines slower.`,
    );
  }
  return policy === 'numa' ? chooseNode(input, topology) : chooseCores(input, topology);
}

/** All vCPUs share the free CPUs of one node. */
function chooseNode(input: PinningInput, topology: HostTopology): PinningChoice {
  const { vcpus, memoryBytes, taken } = input;
  const withCpus = topology.nodes.filter(({ cpus }) => cpus.length > 0);
  if (withCpus.length < 2) return no('The host has one NUMA node: there is nothing to choose.');
  const candidates = withCpus
    .map((node) => ({ node, free: idsOf(node).filter((cpu) => !taken.has(cpu)) }))
    .filter(({ node, free }) => free.length >= vcpus && hasRoom(node, memoryBytes));
  const [best] = candidates.sort(
    (a, b) =>
      preference(input, a.node) - preference(input, b.node) ||
      (b.node.freeBytes ?? 0) - (a.node.freeBytes ?? 0) ||
      b.free.length - a.free.length ||
      a.node.id - b.node.id,
  );
  if (best === undefined) {
    return no(`No NUMA node has ${plural(vcpus, 'free CPU')} and the memory together.`);
  }
  const { node, free } = best;
  const pinning: Pinning = {
    vcpus: Array.from({ length: vcpus }, () => free),
    emulator: free,
    iothread: free,
    nodes: [node.id],
    memoryMode: memoryMode([node], memoryBytes),
    claimed: [],
    threads: 1,
  };
  return { pinning, reason: `CPUs ${formatCpuList(free)} and memory of NUMA node ${node.id}.` };
}

interface FreeCore {
  node: number;
  cpus: readonly number[];
}

/** Each vCPU gets a host CPU of its own, whole cores at a time, in as few nodes as can be. */
function chooseCores(input: PinningInput, topology: HostTopology): PinningChoice {
  const cores = freeCores(input, topology);
  const choice = takeCores(input, topology, cores);
  if (choice === null) return no(shortage(input.vcpus, cores));
  const { chosen, threads } = choice;
  const claimed = chosen.flatMap(({ cpus }) => cpus).sort((a, b) => a - b);
  const own = chosen.flatMap(({ cpus }) => cpus.slice(0, threads)).slice(0, input.vcpus);
  const nodes = [...new Set(chosen.map(({ node }) => node))].sort((a, b) => a - b);
  const helpers = helperCpus(topology, nodes, new Set([...claimed, ...input.taken]));
  const pinning: Pinning = {
    vcpus: own.map((cpu) => [cpu]),
    emulator: helpers,
    iothread: helpers,
    nodes,
    memoryMode: memoryMode(
      topology.nodes.filter(({ id }) => nodes.includes(id)),
      input.memoryBytes,
    ),
    claimed,
    threads,
  };
  return { pinning, reason: dedicatedReason(pinning) };
}

function shortage(vcpus: number, cores: readonly FreeCore[]): string {
  const [threads = 1] = threadCounts(vcpus, cores);
  const cpus = cores.reduce((sum, core) => sum + core.cpus.length, 0);
  const needed = plural(Math.ceil(vcpus / threads), 'whole core');
  const free = `${plural(cores.length, 'core')} (${plural(cpus, 'CPU')})`;
  return `The machine needs ${needed}; ${free} are free of other machines and of the host’s own work.`;
}

function dedicatedReason({ claimed, nodes }: Pinning): string {
  const cpus = `CPUs ${formatCpuList(claimed)} belong to the machine alone`;
  const [node] = nodes;
  if (nodes.length === 1) return `${cpus}; memory of NUMA node ${node}.`;
  return `${cpus}; no one NUMA node had enough, so they and the memory are of the nodes ${formatCpuList(nodes)}.`;
}

/** Cores without a CPU of another machine. The first one stays the host's. */
function freeCores({ taken, own }: PinningInput, topology: HostTopology): FreeCore[] {
  const mine = new Set(own);
  const cores = topology.nodes.flatMap((node) =>
    coresOf(node).map((cpus) => ({ node: node.id, cpus })),
  );
  if (own.length > 0) {
    return cores
      .map(({ node, cpus }) => ({ node, cpus: cpus.filter((cpu) => mine.has(cpu)) }))
      .filter(({ cpus }) => cpus.length > 0);
  }
  return cores.slice(1).filter(({ cpus }) => !cpus.some((cpu) => taken.has(cpu)));
}

/** Threads that cores have and that divide the vCPUs, most first. Half a core is never shared out. */
function threadCounts(vcpus: number, cores: readonly FreeCore[]): number[] {
  const counts = new Set([1, ...cores.map(({ cpus }) => cpus.length)]);
  return [...counts].filter((count) => vcpus % count === 0).sort((a, b) => b - a);
}

/** One node before several, then few cores with all their threads before many with one of each. */
function takeCores(
  input: PinningInput,
  topology: HostTopology,
  cores: readonly FreeCore[],
): { chosen: FreeCore[]; threads: number } | null {
  const { vcpus } = input;
  for (const take of [coresOfOneNode, coresOfManyNodes]) {
    for (const threads of threadCounts(vcpus, cores)) {
      const able = cores.filter(({ cpus }) => cpus.length >= threads);
      const chosen = take(input, byNode(topology, able), vcpus / threads);
      if (chosen !== null) return { chosen, threads };
    }
  }
  return null;
}

interface NodeCores {
  node: NumaNode;
  cores: FreeCore[];
}

const byNode = ({ nodes }: HostTopology, cores: readonly FreeCore[]): NodeCores[] =>
  nodes.map((node) => ({ node, cores: cores.filter((core) => core.node === node.id) }));

/** The node that fits most tightly, which keeps the others whole for larger machines. */
function coresOfOneNode(
  input: PinningInput,
  groups: readonly NodeCores[],
  count: number,
): FreeCore[] | null {
  const [fit] = groups
    .filter(({ node, cores }) => cores.length >= count && hasRoom(node, input.memoryBytes))
    .sort(
      (a, b) =>
        preference(input, a.node) - preference(input, b.node) ||
        a.cores.length - b.cores.length ||
        a.node.id - b.node.id,
    );
  return fit?.cores.slice(0, count) ?? null;
}

function coresOfManyNodes(
  _input: PinningInput,
  groups: readonly NodeCores[],
  count: number,
): FreeCore[] | null {
  const all = [...groups]
    .sort((a, b) => b.cores.length - a.cores.length || a.node.id - b.node.id)
    .flatMap(({ cores }) => cores);
  return all.length < count ? null : all.slice(0, count);
}

/** Where QEMU's own threads run: near the memory, but on nobody's CPU. */
function helperCpus(
  topology: HostTopology,
  nodes: readonly number[],
  busy: ReadonlySet<number>,
): number[] {
  const free = (some: readonly NumaNode[]) => some.flatMap(idsOf).filter((cpu) => !busy.has(cpu));
  const near = free(topology.nodes.filter(({ id }) => nodes.includes(id)));
  return near.length > 0 ? near : free(topology.nodes);
}

const idsOf = ({ cpus }: NumaNode): number[] => cpus.map(({ id }) => id);
/** What is free now says little of it: the kernel gives up its caches for a machine. */
const hasRoom = ({ memoryBytes }: NumaNode, need: number): boolean => memoryBytes >= need;

function memoryMode(nodes: readonly NumaNode[], need: number): Pinning['memoryMode'] {
  const free = nodes.reduce((sum, { freeBytes }) => sum + (freeBytes ?? 0), 0);
  if (free >= need) return 'strict';
  return nodes.length === 1 ? 'preferred' : 'interleave';
}

const preference = ({ prefers }: PinningInput, node: NumaNode): number => (prefers?.(node) ? 0 : 1);
