import type { Finding } from '../../../src-contract/model/error.ts';
import type { NetworkChoice, Template } from '../../../src-contract/model/template.ts';

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
  accelerator: 'kvm' | 'tcg';
  emulator: string;
  /** Never `auto` any more. */
  network: Exclude<NetworkChoice, { kind: 'auto' }>;
  mac: string;
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
  seedVolume: string | null;
  /** Volumes with kernel and initrd for direct boot, shared by machines of equal content. */
  directBoot: { kernelVolume: string; initrdVolume: string; cmdline: string } | null;
  login: { user: string | null; sshKeys: string[] };
  readiness: Template['readiness'];
  /** Degradations accepted on the way, shown on the machine. */
  notes: Finding[];
}

/** Paths that only exist once the volumes do; the second input of the domain XML. */
export interface MachinePaths {
  disk: string | null;
  seed: string | null;
  kernel: string | null;
  initrd: string | null;
}
