import type { KernelPci, PciDevice } from '../domain/pci.ts';
import type { CallOptions } from './call-options.ts';

/** Devices of the host, part of the hypervisor port. */
export interface HostDevices {
  /** By address; empty when the daemon does not know devices. */
  listPciDevices(options?: CallOptions): Promise<PciDevice[]>;
}

/** What only the kernel tells, part of SystemFacts. */
export interface PciReading {
  /** Never rejects: what cannot be read is left out. Null = nothing can. */
  pci(): Promise<KernelPci | null>;
}
