import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { NwFilterBindingHandle, NwFilterHandle } from '../wire/handles.ts';
import { nwFilter as p } from '../wire/procedures/network.ts';

/** A set of firewall rules for guest interfaces. */
export class NwFilter {
  readonly name: string;
  readonly uuid: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { name, uuid }: NwFilterHandle) {
    this.#rpc = rpc;
    this.name = name;
    this.uuid = uuid;
  }

  get #nwfilter(): NwFilterHandle {
    return { name: this.name, uuid: this.uuid };
  }

  /** Its definition. Since libvirt 0.8.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { nwfilter: this.#nwfilter, flags };
    return (await this.#rpc.call(p.NWFILTER_GET_XML_DESC, args, options)).xml;
  }

  /**
   * Since libvirt 0.8.0.
   *
   * @throws LibvirtError `isOperationInvalid` while a running guest uses it.
   */
  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NWFILTER_UNDEFINE, { nwfilter: this.#nwfilter }, options);
  }
}

/** A filter in force on one interface of the host. */
export class NwFilterBinding {
  readonly portDev: string;
  readonly filterName: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { portDev, filterName }: NwFilterBindingHandle) {
    this.#rpc = rpc;
    this.portDev = portDev;
    this.filterName = filterName;
  }

  get #binding(): NwFilterBindingHandle {
    return { portDev: this.portDev, filterName: this.filterName };
  }

  /** Its definition. Since libvirt 4.5.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { binding: this.#binding, flags };
    return (await this.#rpc.call(p.NWFILTER_BINDING_GET_XML_DESC, args, options)).xml;
  }

  /** Takes the filter off the interface. Since libvirt 4.5.0. */
  async delete(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NWFILTER_BINDING_DELETE, { binding: this.#binding }, options);
  }
}
