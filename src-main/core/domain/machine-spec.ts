import type { Finding } from '../../../src-contract/model/error.ts';
import type { NetworkChoice, Template } from '../../../src-contract/model/template.ts';
import type { Pinning } from './pinning.ts';

/** A template with everything decided: the full specification that the domain XML is built from. No secrets. */
export interface MachineSpec {
  machineId: string;
  creationId: string;
  departmentId: string;
  templateId: string;
  name: string;
  domainName: string;
  domainUuid: string;
  hostname: string;
  osinfoId: string | null;
  osLabel: string;
  osFamily: Template['os']['family'];
  vcpus: number;
  memoryBytes: number;
  diskBytes: number;
  firmware: Template['firmware'];
  tpm: boolean;
  video: Template['video'];
  audio: boolean;
  /** Drawn by the host's GPU; only where it can. */
  video3d: boolean;
  accelerator: 'kvm' | 'tcg';
  emulator: string;
  cpu: CpuSpec;
  /** Null = the host's scheduler places it. */
  pinning: Pinning | null;
  /** Null = ordinary memory. */
  hugepages: { pageBytes: number } | null;
  /** The memory may not be swapped. */
  lockedMemory: boolean;
  /** Enlightenments by libvirt's names; empty for others than Windows on KVM. */
  hyperv: readonly string[];
  /** Never `auto` any more. */
  network: Exclude<NetworkChoice, { kind: 'auto' }>;
  mac: string;
  nic: NicSpec;
  graphics: 'spice' | 'vnc' | 'none';
  /** `socket` = a UNIX socket that libvirt names; `loopback` = 127.0.0.1 with autoport. */
  graphicsListen: 'socket' | 'loopback';
  spiceChannel: boolean;
  pool: string;
  /** Null for a machine that boots a kernel from memory. */
  disk: {
    volume: string;
    backing: { pool: string; volume: string; format: 'qcow2' | 'raw' } | null;
  } | null;
  /** Empty disks besides the system's, in the machine's pool. */
  extraDisks: { volume: string; capacityBytes: number }[];
  seedVolume: string | null;
  /** How the system gets on the disk by an installer; null = it does not. */
  installer: InstallerSpec | null;
  /** The medium with virtio drivers; Windows without it gets emulated devices. */
  virtioDrivers: { pool: string; volume: string } | null;
  /** Volumes with kernel and initrd for direct boot, shared by machines of equal content. */
  directBoot: { kernelVolume: string; initrdVolume: string; cmdline: string } | null;
  /** Functions of the host's devices that the guest gets, as `0000:01:00.0`. `rom` = path of a firmware file. */
  hostdevs: { address: string; rom: string | null }[];
  /** The guest is not told that it is one, which drivers of some cards demand. */
  hiddenHypervisor: boolean;
  /** The port of the management agent of the same name. */
  infiniService: boolean;
  login: { user: string | null; sshKeys: string[] };
  readiness: Template['readiness'];
  /** Degradations accepted on the way, shown on the machine. */
  notes: Finding[];
}

export interface CpuSpec {
  mode: 'host-passthrough' | 'host-model' | 'maximum';
  sockets: number;
  cores: number;
  threads: number;
}

export interface NicSpec {
  /** The kernel moves the packets; needs /dev/vhost-net, KVM and a tap device. */
  vhost: boolean;
  /** 1 = a single queue. */
  queues: number;
  /** Null = the usual 1500. */
  mtu: number | null;
  /** Name of libvirt's nwfilter; null = none. */
  filter: string | null;
}

export interface InstallerSpec {
  /** Null = the installer comes from the network. */
  medium: { pool: string; volume: string } | null;
  /**
   * `kernel`: `directBoot` holds the installer's own kernel, so its reboot ends the domain. `medium`: a person answers
   * it. `answered`: it boots by itself too, and reads its answers from the seed.
   */
  boot: 'kernel' | 'medium' | 'answered';
}

/** Paths that only exist once the volumes do; the second input of the domain XML. */
export interface MachinePaths {
  disk: string | null;
  seed: string | null;
  kernel: string | null;
  initrd: string | null;
  /** In the order of the specification. */
  extraDisks: string[];
  installer: string | null;
  virtioDrivers: string | null;
}

export const NO_PATHS: MachinePaths = {
  disk: null,
  seed: null,
  kernel: null,
  initrd: null,
  extraDisks: [],
  installer: null,
  virtioDrivers: null,
};
