import { BerthError } from '../../src-main/core/errors.ts';
import type {
  GpuClaim,
  GpuClaimRepository,
} from '../../src-main/core/ports/gpu-claims-repository.ts';

type Write = <T>(method: string, act: () => T) => T;

/** PCI functions of machines, in the memory of a fake database, by address. */
export function fakeGpuClaims(claims: Map<string, GpuClaim>, write: Write): GpuClaimRepository {
  return {
    list: () => [...claims.values()].sort((a, b) => (a.address < b.address ? -1 : 1)),
    claim: (machineId, functions) =>
      write('gpuClaims.claim', () => {
        const taken = functions.find(
          ({ address }) => (claims.get(address)?.machineId ?? machineId) !== machineId,
        );
        if (taken !== undefined) {
          throw new BerthError('gpu_in_use', `${taken.address} belongs to another machine.`);
        }
        for (const one of functions) claims.set(one.address, { ...one, machineId });
      }),
    release: (machineId) => write('gpuClaims.release', () => forgetGpus(claims, machineId)),
  };
}

export function forgetGpus(claims: Map<string, GpuClaim>, machineId: string): void {
  for (const [address, claim] of claims) if (claim.machineId === machineId) claims.delete(address);
}
