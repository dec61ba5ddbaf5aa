/** A host CPU that belongs to one machine alone. */
export interface CpuClaim {
  hostCpu: number;
  machineId: string;
}

/** A machine's claims go with its record. */
export interface CpuClaimRepository {
  list(): CpuClaim[];
  /**
   * Throws `cpu_taken` when another machine has one of them; nothing is claimed then. Called inside the transaction
   * that reserves the machine, before its record is there.
   */
  claim(machineId: string, cpus: readonly number[]): void;
  release(machineId: string): void;
}
