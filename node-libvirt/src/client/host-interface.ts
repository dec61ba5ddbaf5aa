import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { InterfaceHandle } from '../wire/handles.ts';
import { hostInterface as p } from '../wire/procedures/device.ts';

/** A network interface of the host. */
export class HostInterface {
  readonly name: string;
  readonly mac: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { name, mac }: InterfaceHandle) {
    this.#rpc = rpc;
    this.name = name;
    this.mac = mac;
  }

  get #iface(): InterfaceHandle {
    return { name: this.name, mac: this.mac };
  }

  /** Its configuration; flag 1 for the stored one. Since libvirt 0.6.4. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { iface: this.#iface, flags };
    return (await this.#rpc.call(p.INTERFACE_GET_XML_DESC, args, options)).xml;
  }

  /** Since libvirt 0.7.3. */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.INTERFACE_IS_ACTIVE, { iface: this.#iface }, options)).active;
  }

  /** Brings it up. Since libvirt 0.6.4. */
  async create(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.INTERFACE_CREATE, { iface: this.#iface, flags }, options);
  }

  /** Takes it down. Since libvirt 0.6.4. */
  async destroy(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.INTERFACE_DESTROY, { iface: this.#iface, flags }, options);
  }

  /** Forgets its configuration. Since libvirt 0.6.4. */
  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.INTERFACE_UNDEFINE, { iface: this.#iface }, options);
  }
}
