import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { NetworkHandle } from '../wire/handles.ts';
import { network as p } from '../wire/procedures/network.ts';

/** virNetworkDHCPLease: `expiryTime` in seconds since 1970, `type` is IPAddrType. */
export interface DHCPLease {
  readonly iface: string;
  readonly expiryTime: number;
  readonly type: number;
  readonly mac: string | null;
  readonly iaid: string | null;
  readonly ipaddr: string;
  readonly prefix: number;
  readonly hostname: string | null;
  readonly clientid: string | null;
}

/** A virtual network. */
export class Network {
  readonly name: string;
  readonly uuid: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { name, uuid }: NetworkHandle) {
    this.#rpc = rpc;
    this.name = name;
    this.uuid = uuid;
  }

  get #net(): NetworkHandle {
    return { name: this.name, uuid: this.uuid };
  }

  /** Starts a defined network. */
  async create(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_CREATE, { net: this.#net }, options);
  }

  /** Stops it. */
  async destroy(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_DESTROY, { net: this.#net }, options);
  }

  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_UNDEFINE, { net: this.#net }, options);
  }

  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(p.NETWORK_GET_XML_DESC, { net: this.#net, flags }, options)).xml;
  }

  async getBridgeName(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(p.NETWORK_GET_BRIDGE_NAME, { net: this.#net }, options)).name;
  }

  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.NETWORK_IS_ACTIVE, { net: this.#net }, options)).active;
  }

  async isPersistent(options?: CallOptions): Promise<boolean> {
    const args = { net: this.#net };
    return (await this.#rpc.call(p.NETWORK_IS_PERSISTENT, args, options)).persistent;
  }

  async getAutostart(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.NETWORK_GET_AUTOSTART, { net: this.#net }, options)).autostart;
  }

  async setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_SET_AUTOSTART, { net: this.#net, autostart }, options);
  }

  /** Changes a part: see NetworkUpdateCommand, NetworkUpdateSection and NetworkUpdateFlags. */
  async update(
    command: number,
    section: number,
    parentIndex: number,
    xml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { net: this.#net, command, section, parentIndex, xml, flags };
    await this.#rpc.call(p.NETWORK_UPDATE, args, options);
  }

  /** `mac` null asks for the leases of all. */
  async getDHCPLeases(
    mac: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<DHCPLease[]> {
    const args = { net: this.#net, mac, needResults: true, flags };
    return (await this.#rpc.call(p.NETWORK_GET_DHCP_LEASES, args, options)).leases;
  }
}
