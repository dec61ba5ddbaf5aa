import type { HostTopology } from '../domain/topology.ts';
import type { CallOptions } from './call-options.ts';

/** CPUs and memory of the host, part of the hypervisor port. */
export interface TopologyPort {
  /** How they hang together, with what is free now. Null when the daemon does not tell. */
  topology(options?: CallOptions): Promise<HostTopology | null>;
}
