import type { PowerState } from '../../../src-contract/model/machine.ts';
import type { CallOptions } from './call-options.ts';
import type { HostDevices } from './host-devices.ts';
import type { LeftFiles } from './left-files.ts';
import type { MachineEditing } from './machine-editing.ts';
import type { NetworkFilters, NetworkMaking } from './network-filters.ts';
import type { TopologyPort } from './topology.ts';

export type { CallOptions };

export interface HostFacts {
  uri: string;
  scope: 'system' | 'session';
  hostname: string;
  libvirtVersion: string;
  hypervisorVersion: string;
  cpus: number;
  memoryBytes: number;
}

/** What this host's QEMU can do for a q35 x86_64 guest, from domain capabilities. */
export interface HostAbilities {
  kvm: { offered: boolean; works: boolean; reason: string | null };
  emulator: string;
  /** Firmware kinds that can be auto-selected. BIOS is always there. */
  uefi: boolean;
  uefiSecure: boolean;
  tpm: boolean;
  graphics: readonly ('spice' | 'vnc')[];
  videoModels: readonly string[];
  /** virtio-gpu, qxl … and the `spicevmc` channel are only used when listed. */
  spiceChannel: boolean;
  maxVcpus: number;
  /** CPU modes that work, best first. */
  cpuModes: readonly ('host-passthrough' | 'host-model' | 'maximum')[];
  /** Enlightenments for Windows by libvirt's names; null = an old daemon does not tell. */
  hyperv: readonly string[] | null;
  /** Whether the kernel can move a guest's packets (/dev/vhost-net). */
  vhostNet: boolean;
  /** Whether a virtio display can be drawn by the host's GPU without a window on the host. */
  video3d: boolean;
}

/** A domain as libvirt has it. `metadata` is Berth's own element, when present. */
export interface DomainFacts {
  uuid: string;
  name: string;
  title: string | null;
  power: PowerState;
  persistent: boolean;
  vcpus: number;
  memoryBytes: number;
  graphics: 'spice' | 'vnc' | 'none';
  osinfoId: string | null;
  /** Host CPUs that a vCPU is bound to alone. */
  pinnedCpus: readonly number[];
  /** PCI functions of the host that it gets, as `0000:01:00.0`. */
  hostDevices: readonly string[];
  metadata: DomainMetadata | null;
}

/** Berth's element in a domain's metadata. Never a secret. */
export interface DomainMetadata {
  machineId: string;
  creationId: string;
  templateId: string;
  departmentId: string;
  schemaVersion: number;
}

export interface PoolFacts {
  name: string;
  uuid: string;
  active: boolean;
  type: string;
  targetPath: string | null;
  capacityBytes: number;
  allocationBytes: number;
  availableBytes: number;
}

export interface VolumeFacts {
  pool: string;
  name: string;
  path: string;
  format: string;
  capacityBytes: number;
  allocationBytes: number;
  /** What an overlay lies on. */
  backing: { path: string; format: string | null } | null;
}

export interface VolumeSpec {
  name: string;
  format: 'qcow2' | 'raw';
  capacityBytes: number;
  /** Bytes allocated at once; 0 = sparse. */
  allocationBytes?: number;
  backing?: { path: string; format: 'qcow2' | 'raw' };
}

export interface NetworkFacts {
  name: string;
  active: boolean;
  bridge: string | null;
  forward: string | null;
}

export interface ConsoleEndpoint {
  protocol: 'spice' | 'vnc';
  /** Where this process can reach the display. */
  target: { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };
}

export type HypervisorEvent =
  /** Every change of a domain's power state; `gone` = it is no longer defined. */
  | { kind: 'domain-state'; uuid: string; name: string; power: PowerState | 'gone'; reason: string }
  /** Newly defined, or its definition changed: read its facts again. */
  | { kind: 'domain-defined'; uuid: string; name: string }
  | { kind: 'domain-reboot'; uuid: string }
  | { kind: 'agent'; uuid: string; connected: boolean }
  | { kind: 'connection'; state: 'connected' | 'lost' | 'failed'; error?: Error };

export interface PoolOptions extends CallOptions {
  /**
   * Reads the pool again when this process has not done so for as many milliseconds, so that what others have taken or
   * freed is counted. When that fails or takes longer than a moment, the figures that libvirt has are given.
   */
  maxAgeMs?: number;
}

/** The libvirt daemon as the core needs it. One long-lived, self-healing connection. */
export interface Hypervisor
  extends TopologyPort,
    HostDevices,
    NetworkFilters,
    NetworkMaking,
    MachineEditing,
    LeftFiles {
  /** Connects, registers events; from then on it reconnects by itself and tells through `subscribe`. */
  connect(options?: CallOptions): Promise<HostFacts>;
  close(): Promise<void>;
  subscribe(listener: (event: HypervisorEvent) => void): () => void;

  abilities(options?: CallOptions): Promise<HostAbilities>;

  listDomains(options?: CallOptions): Promise<DomainFacts[]>;
  findDomain(
    ref: { uuid: string } | { name: string },
    options?: CallOptions,
  ): Promise<DomainFacts | null>;
  /** Defines with schema validation (VIR_DOMAIN_DEFINE_VALIDATE). `domain_exists` when the name belongs to another UUID. */
  defineDomain(xml: string, options?: CallOptions): Promise<{ uuid: string; name: string }>;
  /** Creates the domain's process; with `paused` its CPUs stand still until resumeDomain. */
  startDomain(uuid: string, options?: CallOptions & { paused?: boolean }): Promise<void>;
  shutdownDomain(uuid: string, options?: CallOptions): Promise<void>;
  rebootDomain(uuid: string, options?: CallOptions): Promise<void>;
  suspendDomain(uuid: string, options?: CallOptions): Promise<void>;
  resumeDomain(uuid: string, options?: CallOptions): Promise<void>;
  /** Ends the process at once. Succeeds when it does not run. */
  destroyDomain(uuid: string, options?: CallOptions): Promise<void>;
  /** Removes the definition with NVRAM, TPM state, managed save and snapshot metadata. Succeeds when it is gone. */
  undefineDomain(uuid: string, options?: CallOptions): Promise<void>;
  /** `secure` includes secrets such as the display password: never log or show it. */
  domainXml(
    uuid: string,
    options?: CallOptions & { secure?: boolean; inactive?: boolean },
  ): Promise<string>;
  domainAutostart(uuid: string): Promise<boolean>;
  /** What a domain has written to all its disks since it was started; null when it does not run or has none. */
  bytesWritten(uuid: string, options?: CallOptions): Promise<number | null>;
  /** From DHCP leases and, when its agent answers within seconds, from the guest. */
  domainAddresses(uuid: string, options?: CallOptions): Promise<string[]>;
  screenshot(
    uuid: string,
    options?: CallOptions,
  ): Promise<{ mime: string; data: Uint8Array } | null>;
  /** Presses up to 16 keys together, by the codes of Linux' input-event-codes. */
  sendKeys(uuid: string, keys: number[], options?: CallOptions): Promise<void>;
  /** Bytes that the guest writes to a virtio-serial port; ends when the domain stops. */
  openChannel(
    uuid: string,
    name: string,
    options?: CallOptions,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** True when the guest agent answers a ping within `timeoutSeconds`. */
  pingAgent(uuid: string, timeoutSeconds: number, options?: CallOptions): Promise<boolean>;
  /** Empties the CD-ROM drive `target` (live and in the definition). Succeeds when it is empty. */
  ejectMedium(uuid: string, target: string, options?: CallOptions): Promise<void>;
  consoleEndpoint(uuid: string, options?: CallOptions): Promise<ConsoleEndpoint>;

  /** The figures are those that libvirt has, unless an age is asked for. */
  findPool(name: string, options?: PoolOptions): Promise<PoolFacts | null>;
  listPools(options?: CallOptions): Promise<PoolFacts[]>;
  /** Defines, builds, starts and autostarts a directory pool, whichever of these is missing, and refreshes it. `created` = it was not defined before. */
  ensurePool(name: string, options?: CallOptions): Promise<{ pool: PoolFacts; created: boolean }>;
  startPool(name: string, options?: CallOptions): Promise<void>;
  /** Where a directory pool of that name would be put. */
  defaultPoolPath(name: string): string;
  /** Stops and undefines the pool; its folder is removed only when empty. */
  removePool(name: string, options?: CallOptions): Promise<void>;
  findVolume(pool: string, name: string, options?: CallOptions): Promise<VolumeFacts | null>;
  listVolumes(pool: string, options?: CallOptions): Promise<VolumeFacts[]>;
  /** `volume_exists` on collision. Options that the host cannot do are dropped and returned as notes. */
  createVolume(
    pool: string,
    spec: VolumeSpec,
    options?: CallOptions,
  ): Promise<{ volume: VolumeFacts; dropped: string[] }>;
  /** A new volume with all that `source` shows, and with nothing below it; dropped options as above. */
  copyVolume(
    pool: string,
    spec: Omit<VolumeSpec, 'backing'>,
    source: { pool: string; name: string },
    options?: CallOptions,
  ): Promise<{ volume: VolumeFacts; dropped: string[] }>;
  uploadVolume(
    pool: string,
    name: string,
    source: AsyncIterable<Uint8Array>,
    options?: CallOptions & { onBytes?: (sent: number) => void },
  ): Promise<void>;
  /** Bytes from `offset` on; fewer where the volume ends. */
  readVolume(
    pool: string,
    name: string,
    range: { offset: number; length: number },
    options?: CallOptions,
  ): Promise<Uint8Array>;
  /** Succeeds when it is gone. Waits while libvirt still allocates it. */
  deleteVolume(pool: string, name: string, options?: CallOptions): Promise<void>;

  listNetworks(options?: CallOptions): Promise<NetworkFacts[]>;
  startNetwork(name: string, options?: CallOptions): Promise<void>;
}
