/** A bridge of the kernel, whoever made it. */
export interface HostBridge {
  name: string;
  up: boolean;
  /** Largest packet in bytes; null = not known. */
  mtu: number | null;
}

/** The network of this computer, as its kernel has it. Never rejects: what cannot be read is left out. */
export interface HostNetwork {
  bridges(): Promise<HostBridge[]>;
  /** Networks that interfaces and routes have, as `address/prefix`; default routes left out. */
  usedSubnets(): Promise<string[]>;
  /** Names of all interfaces. */
  interfaces(): Promise<string[]>;
  /** Whether the kernel shows bridged packets to its firewall; null = it will decide when the first rule needs it. */
  bridgeFirewall(): Promise<boolean | null>;
}
