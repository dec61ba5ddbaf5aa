import { BerthError } from '../../src-main/core/errors.ts';
import type {
  CpuClaim,
  CpuClaimRepository,
} from '../../src-main/core/ports/cpu-claims-repository.ts';

type Write = <T>(method: string, act: () => T) => T;

/** Host CPUs of machines, in the memory of a fake database: `claims` maps a CPU to a machine. */
export function fakeCpuClaims(claims: Map<number, string>, write: Write): CpuClaimRepository {
  return {
    list: () =>
      [...claims]
        .map(([hostCpu, machineId]): CpuClaim => ({ hostCpu, machineId }))
        .sort((a, b) => a.hostCpu - b.hostCpu),
    claim: (machineId, cpus) =>
      write('cpuClaims.claim', () => {
        const taken = cpus.find((cpu) => (claims.get(cpu) ?? machineId) !== machineId);
        if (taken !== undefined) throw new BerthError('cpu_taken', `CPU ${taken} is taken`);
        for (const cpu of cpus) claims.set(cpu, machineId);
      }),
    release: (machineId) => write('cpuClaims.release', () => forgetCpus(claims, machineId)),
  };
}

export function forgetCpus(claims: Map<number, string>, machineId: string): void {
  for (const [cpu, owner] of claims) if (owner === machineId) claims.delete(cpu);
}
