/** A PCI function that belongs to one machine alone, with the whole card and its IOMMU group. */
export interface GpuClaim {
  address: string;
  /** The card that it goes with, such as `0000:01:00`. */
  slot: string;
  machineId: string;
}

/** A machine's claims go with its record. */
export interface GpuClaimRepository {
  list(): GpuClaim[];
  /**
   * Throws `gpu_in_use` when another machine has one of the addresses; nothing is claimed then. Called inside the
   * transaction that reserves the machine, before its record is there.
   */
  claim(machineId: string, functions: readonly Omit<GpuClaim, 'machineId'>[]): void;
  release(machineId: string): void;
}
