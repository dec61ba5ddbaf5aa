import type { Finding } from '../../../src-contract/model/error.ts';
import { canLock, chooseHugepages, hasHugepages } from '../domain/hugepages.ts';
import type { MachineSpec } from '../domain/machine-spec.ts';
import { choosePinning } from '../domain/pinning.ts';
import type { Wish } from '../domain/request.ts';
import type { CheckInput, CpuClaims } from './checks/check-input.ts';
import type { Facts } from './facts.ts';
import type { CreationDeps } from './service.ts';

/** Where on the host a machine's CPUs and memory are. */
export interface Placement extends Pick<MachineSpec, 'pinning' | 'hugepages' | 'lockedMemory'> {
  /** Why, for the plan and the machine; empty where nothing was asked for. */
  findings: Finding[];
}

export interface PlacementInput {
  wish: Wish;
  facts: Pick<Facts, 'domains' | 'topology'>;
  cpus: CpuClaims;
}

export const checkPlacement = ({ wish, facts, claims }: CheckInput): Finding[] =>
  placeMachine({ wish, facts, cpus: claims.cpus }).findings;

/** Decides by the policies, the host's topology and what other machines hold. */
export function placeMachine({ wish, facts, cpus }: PlacementInput): Placement {
  const { topology } = facts;
  const { memoryBytes } = wish;
  const pinned = facts.domains.flatMap(({ pinnedCpus }) => pinnedCpus);
  const { pinning, reason } = choosePinning({
    policy: wish.cpuPolicy,
    vcpus: wish.vcpus,
    memoryBytes,
    topology,
    taken: new Set([...cpus.others, ...pinned]),
    own: cpus.own,
    ...(wish.hugepages !== 'none' && { prefers: (node) => hasHugepages(node, memoryBytes) }),
  });
  const nodes = pinning?.nodes ?? null;
  const pages = chooseHugepages({ policy: wish.hugepages, memoryBytes, topology, nodes });
  const { hugepages } = pages;
  return {
    pinning,
    hugepages,
    lockedMemory: hugepages !== null && canLock(topology, memoryBytes),
    findings: [
      ...cpuFindings(wish, pinning !== null, reason),
      ...pageFindings(wish, hugepages !== null, pages.reason),
    ],
  };
}

type StoreDeps = Pick<CreationDeps, 'store'>;

export function cpuClaims({ store }: StoreDeps, machineId: string | null): CpuClaims {
  const all = store.cpuClaims.list();
  const cpus = (own: boolean) =>
    all.filter((claim) => (claim.machineId === machineId) === own).map(({ hostCpu }) => hostCpu);
  return { others: cpus(false), own: cpus(true) };
}

/** Chooses the machine's own CPUs and claims them, within the transaction that reserves it. Throws `cpu_taken`. */
export function claimCpus(
  deps: StoreDeps,
  input: Pick<PlacementInput, 'wish' | 'facts'>,
  machineId: string,
): void {
  const { pinning } = placeMachine({ ...input, cpus: cpuClaims(deps, machineId) });
  if (pinning !== null && pinning.claimed.length > 0) {
    deps.store.cpuClaims.claim(machineId, pinning.claimed);
  }
}

const CODES: ReadonlySet<string> = new Set(['cpu_policy', 'hugepages', 'hugepages_unavailable']);

/** Notes with what became of the placement instead of what was foreseen. */
export function withPlacement(notes: readonly Finding[], { findings }: Placement): Finding[] {
  const placed = findings.map(({ field: _, ...note }) => note);
  return [...notes.filter(({ code }) => !CODES.has(code)), ...placed];
}

const POLICY_NAMES = { numa: 'one NUMA node', dedicated: 'CPUs of its own' } as const;

function cpuFindings({ cpuPolicy }: Wish, done: boolean, reason: string): Finding[] {
  if (cpuPolicy === 'none') return [];
  const wanted = POLICY_NAMES[cpuPolicy];
  return [
    {
      code: 'cpu_policy',
      severity: done ? 'info' : 'warning',
      message: done ? reason : `The machine does not get ${wanted}. ${reason}`,
      field: 'overrides.cpuPolicy',
    },
  ];
}

function pageFindings({ hugepages, memoryBytes }: Wish, done: boolean, reason: string): Finding[] {
  if (hugepages === 'none') return [];
  const field = 'overrides.hugepages';
  if (done) return [{ code: 'hugepages', severity: 'info', message: reason, field }];
  const required = hugepages === 'required';
  const pages = Math.ceil(memoryBytes / (2 * 1024 ** 2));
  return [
    {
      code: 'hugepages_unavailable',
      severity: required ? 'error' : 'warning',
      message: required ? reason : `The machine gets ordinary memory. ${reason}`,
      hint: `Set pages aside, best right after the start of the host, with: sudo sysctl vm.nr_hugepages=${pages}`,
      field,
      ...(required && {
        fix: {
          action: 'set-field',
          label: 'Use huge pages only if there are enough',
          field,
          value: 'preferred',
        } as const,
      }),
    },
  ];
}
