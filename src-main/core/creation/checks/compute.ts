import type { Finding } from '../../../../src-contract/model/error.ts';
import { formatBytes, MIB, roundDown } from '../../domain/resources.ts';
import type { Reservation } from '../../ports/repositories.ts';
import type { Facts } from '../facts.ts';
import type { Check, Claims } from './check-input.ts';

const MEMORY_STEP = 64 * MIB;
const SMALLEST_MEMORY = 64 * MIB;
/** True at one moment only: no note of it stays. */
export const MEMORY_WAIT = 'memory_wait';

export const checkVcpus: Check = ({ wish, facts }) => {
  const { cpus } = facts.host;
  const { maxVcpus } = facts.abilities;
  if (wish.vcpus > maxVcpus) {
    const value = Math.min(cpus, maxVcpus);
    return [
      {
        code: 'vcpus_too_many',
        severity: 'error',
        message: `A machine on this host has at most ${maxVcpus} CPUs.`,
        field: 'overrides.vcpus',
        fix: { action: 'set-field', label: `Use ${value}`, field: 'overrides.vcpus', value },
      },
    ];
  }
  if (wish.vcpus <= cpus) return [];
  return [
    {
      code: 'vcpus_overcommit',
      severity: 'warning',
      message: `The host has ${cpus} CPUs; ${wish.vcpus} virtual ones will share them and be slower.`,
      field: 'overrides.vcpus',
      fix: {
        action: 'set-field',
        label: `Use ${cpus}`,
        field: 'overrides.vcpus',
        value: cpus,
      },
    },
  ];
};

const IN_MEMORY = new Set(['running', 'paused', 'starting', 'stopping']);

type Reserved = Pick<Claims, 'reservations'>;

/** Memory of creations at work whose machines do not run yet; a running machine's memory is libvirt's to tell. */
function reservedMemory(facts: Facts, claims: Reserved): number {
  const running = new Set(
    facts.domains
      .filter((domain) => IN_MEMORY.has(domain.power))
      .map((domain) => domain.metadata?.machineId),
  );
  const starting = ({ state, machineId }: Reservation) =>
    state !== 'waiting' && !running.has(machineId);
  return claims.reservations
    .filter(starting)
    .reduce((sum, reservation) => sum + reservation.memoryBytes, 0);
}

/** Bytes of the budget that no machine and no creation at work has. May be negative. */
export function unclaimedMemory(facts: Facts, claims: Reserved): number {
  const { counts, budgetBytes } = facts.memory;
  const used = facts.domains
    .filter((domain) => counts === 'defined' || IN_MEMORY.has(domain.power))
    .reduce((sum, domain) => sum + domain.memoryBytes, 0);
  return budgetBytes - used - reservedMemory(facts, claims);
}

function lessMemory(bytes: number): Pick<Finding, 'fix'> {
  const value = roundDown(bytes, MEMORY_STEP);
  if (value < SMALLEST_MEMORY) return {};
  const label = `Use ${formatBytes(value)}`;
  return { fix: { action: 'set-field', label, field: 'overrides.memoryBytes', value } };
}

export const checkMemory: Check = ({ wish, facts, claims }) => {
  const left = unclaimedMemory(facts, claims);
  const field = 'overrides.memoryBytes';
  const needed = formatBytes(wish.memoryBytes);
  const { budgetBytes } = facts.memory;
  if (wish.memoryBytes > budgetBytes) {
    return [
      {
        code: 'memory_short',
        severity: 'error',
        message: `The machine needs ${needed} of memory; all machines together may have ${formatBytes(budgetBytes)}.`,
        hint: 'Give it less memory.',
        field,
        ...lessMemory(budgetBytes),
      },
    ];
  }
  if (wish.memoryBytes > left) {
    return [
      {
        code: MEMORY_WAIT,
        severity: 'warning',
        message: `The machine needs ${needed} of memory; ${formatBytes(Math.max(left, 0))} can be had now. It will wait until another machine is stopped.`,
        hint: 'Give it less memory, or stop another machine.',
        field,
        ...lessMemory(left),
      },
    ];
  }
  const available = facts.availableMemoryBytes - reservedMemory(facts, claims);
  if (wish.memoryBytes <= available) return [];
  return [
    {
      code: 'memory_overcommit',
      severity: 'warning',
      message: `The machine needs ${needed} of memory, but only ${formatBytes(Math.max(available, 0))} is free now; the host may become slow.`,
      hint: 'Give it less memory, or close other programs.',
      field,
      ...lessMemory(available),
    },
  ];
};
