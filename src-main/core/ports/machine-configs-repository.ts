/** A machine's configuration as it was read from libvirt last. */
export interface MachineConfig {
  machineId: string;
  /** The definition now, without secrets. */
  domainXml: string;
  /** The definition as Berth left it last; differs where another tool has changed it since. */
  ownXml: string;
  displayProtocol: 'spice' | 'vnc' | null;
  /** `unix:PATH` or `HOST:PORT`; null while it does not run. */
  displayEndpoint: string | null;
  /** Sealed by Secrets; null = none. */
  displayPassword: Uint8Array | null;
  /** PCI addresses of the host's devices that the guest has, such as `0000:01:00.0`. */
  hostDevices: string[];
  savedAt: number;
}

/** Synchronous (SQLite). A configuration goes with its machine. */
export interface MachineConfigRepository {
  get(machineId: string): MachineConfig | null;
  /** Does nothing when the machine is gone. */
  save(config: MachineConfig): void;
}
