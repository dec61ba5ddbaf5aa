import type { Finding } from '../../../../src-contract/model/error.ts';
import { formatBytes, MIB, roundDown } from '../../domain/resources.ts';
import type { Reservation } from '../../ports/repositories.ts';
import type { Facts } from '../facts.ts';
import type { Check, Claims } from './check-input.ts';

const MEMORY_STEP = 64 * MIB;
const SMALLEST_MEMORY = 64 * MIB;

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

/** Memory of reservations whose machines do not run yet; a running machine's memory is libvirt's to tell. */
function reservedMemory(facts: Facts, claims: Claims): number {
  const running = new Set(
    facts.domains
      .filter((domain) => IN_MEMORY.has(domain.power))
      .map((domain) => domain.metadata?.machineId),
  );
  const waiting = (reservation: Reservation) => !running.has(reservation.machineId);
  return claims.reservations
    .filter(waiting)
    .reduce((sum, reservation) => sum + reservation.memoryBytes, 0);
}

/** Bytes of the host's memory that no running machine and no other creation has. May be negative. */
export function unclaimedMemory(facts: Facts, claims: Claims): number {
  const used = facts.domains
    .filter((domain) => IN_MEMORY.has(domain.power))
    .reduce((sum, domain) => sum + domain.memoryBytes, 0);
  return facts.host.memoryBytes - used - reservedMemory(facts, claims);
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
  if (wish.memoryBytes > left) {
    return [
      {
        code: 'memory_short',
        severity: 'error',
        message: `The machine needs ${needed} of memory; the host has ${formatBytes(Math.max(left, 0))} that no other machine has claimed.`,
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
