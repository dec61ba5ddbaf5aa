import type { CallOptions } from './call-options.ts';

/** A disk of a domain as its definition names it. */
export interface DomainDisk {
  /** Name in the guest's bus, such as `vda`. */
  target: string;
  device: string;
  /** Null for an empty drive, and for a source that is no file. */
  path: string | null;
}

/** Changes of a domain that is there. They reject as all calls of the hypervisor do. */
export interface MachineEditing {
  /** Of the definition, in its order. */
  domainDisks(uuid: string, options?: CallOptions): Promise<DomainDisk[]>;
  /** Only of a domain that is off. Rejects with `domain_exists` when the name is taken. */
  renameDomain(uuid: string, name: string, options?: CallOptions): Promise<void>;
  /** What other tools show instead of the name; live and in the definition. */
  setDomainTitle(uuid: string, title: string, options?: CallOptions): Promise<void>;
  /** Sets or, with null, removes Berth's element of the metadata; live and in the definition. */
  setDomainMark(uuid: string, xml: string | null, options?: CallOptions): Promise<void>;
  /** Of the running domain alone. Rejects when the guest or its definition does not allow it. */
  setLiveCpus(uuid: string, count: number, options?: CallOptions): Promise<void>;
  /** Of the running domain alone. Rejects when the guest or its definition does not allow it. */
  setLiveMemory(uuid: string, bytes: number, options?: CallOptions): Promise<void>;
  /** Of the running domain; the volume grows with it. */
  growLiveDisk(uuid: string, path: string, bytes: number, options?: CallOptions): Promise<void>;
  /** Adds a disk to the definition. */
  attachDisk(uuid: string, xml: string, options?: CallOptions): Promise<void>;
  /** To the running domain alone. Rejects when it has no place for it. */
  attachLiveDisk(uuid: string, xml: string, options?: CallOptions): Promise<void>;
  /** From the definition. Succeeds when it has no such disk. */
  detachDisk(uuid: string, target: string, options?: CallOptions): Promise<void>;
  /**
   * From the running domain alone: resolves when the guest has let it go, or the domain has no such disk. Rejects with
   * `device_busy` when it keeps it.
   */
  detachLiveDisk(uuid: string, target: string, options?: CallOptions): Promise<void>;
  /** Of a volume that no running domain uses. */
  growVolume(pool: string, name: string, bytes: number, options?: CallOptions): Promise<void>;
}
