import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { DomainHandle } from '../wire/handles.ts';
import { domain as p } from '../wire/procedures/domain.ts';

/** virDomainInfo. Memory is in KiB, CPU time in nanoseconds. */
export interface DomainInfo {
  readonly state: number;
  readonly maxMem: number;
  readonly memory: number;
  readonly nrVirtCpu: number;
  readonly cpuTime: bigint;
}

/** virDomainControlInfo: `stateTime` in milliseconds. */
export interface DomainControlInfo {
  readonly state: number;
  readonly details: number;
  readonly stateTime: number;
}

/** What a handle is and what can be asked about it. */
export abstract class DomainBase {
  protected readonly rpc: Rpc;
  readonly uuid: string;
  #name: string;
  #id: number;

  constructor(rpc: Rpc, { name, uuid, id }: DomainHandle) {
    this.rpc = rpc;
    this.uuid = uuid;
    this.#name = name;
    this.#id = id;
  }

  get name(): string {
    return this.#name;
  }

  /**
   * The number of a running domain, as known when this handle was made or last started; else -1.
   */
  get id(): number {
    return this.#id;
  }

  protected get dom(): DomainHandle {
    return { name: this.#name, uuid: this.uuid, id: this.#id };
  }

  protected update({ name, id }: { name?: string; id?: number }): void {
    this.#name = name ?? this.#name;
    this.#id = id ?? this.#id;
  }

  /** See DomainXMLFlags. Passwords are left out unless SECURE is asked for. Since libvirt 0.0.3. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.DOMAIN_GET_XML_DESC, { dom: this.dom, flags }, options)).xml;
  }

  /** See DomainState, and the reasons that belong to each state. Since libvirt 0.9.2. */
  getState(flags = 0, options?: CallOptions): Promise<{ state: number; reason: number }> {
    return this.rpc.call(p.DOMAIN_GET_STATE, { dom: this.dom, flags }, options);
  }

  /** State, memory and CPU time in one. Since libvirt 0.0.3. */
  getInfo(options?: CallOptions): Promise<DomainInfo> {
    return this.rpc.call(p.DOMAIN_GET_INFO, { dom: this.dom }, options);
  }

  /** `hvm` for a whole machine, as all of QEMU's are. Since libvirt 0.0.3. */
  async getOSType(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.DOMAIN_GET_OS_TYPE, { dom: this.dom }, options)).type;
  }

  /** Whether it runs, be it paused. Since libvirt 0.7.3. */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.rpc.call(p.DOMAIN_IS_ACTIVE, { dom: this.dom }, options)).active;
  }

  /**
   * Whether it has a stored definition; if not, it disappears when it ends. Since libvirt 0.7.3.
   */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    return (await this.rpc.call(p.DOMAIN_IS_PERSISTENT, { dom: this.dom }, options)).persistent;
  }

  /** Whether the running configuration differs from the stored one. Since libvirt 0.8.6. */
  async isUpdated(options?: CallOptions): Promise<boolean> {
    return (await this.rpc.call(p.DOMAIN_IS_UPDATED, { dom: this.dom }, options)).updated;
  }

  /** Whether it is started with the host. Since libvirt 0.2.1. */
  async getAutostart(options?: CallOptions): Promise<boolean> {
    return (await this.rpc.call(p.DOMAIN_GET_AUTOSTART, { dom: this.dom }, options)).autostart;
  }

  /**
   * Has it started with the host, or not. Since libvirt 0.2.1.
   *
   * @throws LibvirtError `isOperationInvalid` without a definition.
   */
  async setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_AUTOSTART, { dom: this.dom, autostart }, options);
  }

  /** Whether it is to be started with the host, that once only. Since libvirt 11.2.0. */
  async getAutostartOnce(options?: CallOptions): Promise<boolean> {
    const args = { dom: this.dom };
    return (await this.rpc.call(p.DOMAIN_GET_AUTOSTART_ONCE, args, options)).autostart;
  }

  /** Since libvirt 11.2.0. */
  async setAutostartOnce(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_AUTOSTART_ONCE, { dom: this.dom, autostart }, options);
  }

  /**
   * Whether the way to the hypervisor is free: `state` is DomainControlState, `stateTime` says for
   * how many milliseconds it has been so. Since libvirt 0.9.3.
   */
  getControlInfo(flags = 0, options?: CallOptions): Promise<DomainControlInfo> {
    return this.rpc.call(p.DOMAIN_GET_CONTROL_INFO, { dom: this.dom, flags }, options);
  }

  /**
   * Deprecation and tainting messages; `flags` is DomainMessageType, 0 for all. Since libvirt
   * 7.1.0.
   */
  async getMessages(flags = 0, options?: CallOptions): Promise<string[]> {
    return (await this.rpc.call(p.DOMAIN_GET_MESSAGES, { dom: this.dom, flags }, options)).messages;
  }
}
