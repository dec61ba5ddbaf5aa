import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { NetworkHandle } from '../wire/handles.ts';
import { network as p } from '../wire/procedures/network.ts';
import { NetworkPort } from './network-port.ts';

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

  /** Starts a defined network. Since libvirt 0.2.0. */
  async create(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_CREATE, { net: this.#net }, options);
  }

  /** Stops it. Since libvirt 0.2.0. */
  async destroy(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_DESTROY, { net: this.#net }, options);
  }

  /** Forgets its definition; a running one goes on until it is stopped. Since libvirt 0.2.0. */
  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_UNDEFINE, { net: this.#net }, options);
  }

  /** Its definition; see NetworkXMLFlags. Since libvirt 0.2.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(p.NETWORK_GET_XML_DESC, { net: this.#net, flags }, options)).xml;
  }

  /**
   * The bridge on the host. Since libvirt 0.2.0.
   *
   * @throws LibvirtError when it has none.
   */
  async getBridgeName(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(p.NETWORK_GET_BRIDGE_NAME, { net: this.#net }, options)).name;
  }

  /** Whether it runs. Since libvirt 0.7.3. */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.NETWORK_IS_ACTIVE, { net: this.#net }, options)).active;
  }

  /** Whether it has a stored definition. Since libvirt 0.7.3. */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    const args = { net: this.#net };
    return (await this.#rpc.call(p.NETWORK_IS_PERSISTENT, args, options)).persistent;
  }

  /** Whether it is started with the host. Since libvirt 0.2.1. */
  async getAutostart(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.NETWORK_GET_AUTOSTART, { net: this.#net }, options)).autostart;
  }

  /** Has it started with the host, or not. Since libvirt 0.2.1. */
  async setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_SET_AUTOSTART, { net: this.#net, autostart }, options);
  }

  /**
   * Changes a part: see NetworkUpdateCommand, NetworkUpdateSection and NetworkUpdateFlags. Since
   * libvirt 0.10.2.
   */
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

  /** `mac` null asks for the leases of all. Since libvirt 1.2.6. */
  async getDHCPLeases(
    mac: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<DHCPLease[]> {
    const args = { net: this.#net, mac, needResults: true, flags };
    return (await this.#rpc.call(p.NETWORK_GET_DHCP_LEASES, args, options)).leases;
  }

  /** `type` is DomainMetadataType; null takes the metadata away. Since libvirt 9.7.0. */
  async setMetadata(
    type: number,
    metadata: string | null,
    key: string | null = null,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { net: this.#net, type, metadata, key, uri, flags };
    await this.#rpc.call(p.NETWORK_SET_METADATA, args, options);
  }

  /** @throws LibvirtError `isNoNetworkMetadata` when there is none. Since libvirt 9.7.0. */
  async getMetadata(
    type: number,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { net: this.#net, type, uri, flags };
    return (await this.#rpc.call(p.NETWORK_GET_METADATA, args, options)).metadata;
  }

  /** What is plugged into the network. Since libvirt 5.5.0. */
  async listAllPorts(flags = 0, options?: CallOptions): Promise<NetworkPort[]> {
    const args = { net: this.#net, needResults: true, flags };
    const { ports } = await this.#rpc.call(p.NETWORK_LIST_ALL_PORTS, args, options);
    return ports.map((handle) => new NetworkPort(this.#rpc, handle));
  }

  /** @throws LibvirtError `isNoNetworkPort`. Since libvirt 5.5.0. */
  async portLookupByUUID(uuid: string, options?: CallOptions): Promise<NetworkPort> {
    const args = { net: this.#net, uuid };
    const { port } = await this.#rpc.call(p.NETWORK_PORT_LOOKUP_BY_UUID, args, options);
    return new NetworkPort(this.#rpc, port);
  }

  /**
   * Plugs something in, which libvirt otherwise does itself for its domains. Since libvirt 5.5.0.
   */
  async portCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<NetworkPort> {
    const args = { net: this.#net, xml, flags };
    const { port } = await this.#rpc.call(p.NETWORK_PORT_CREATE_XML, args, options);
    return new NetworkPort(this.#rpc, port);
  }
}
