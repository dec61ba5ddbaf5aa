import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { NetworkPortHandle } from '../wire/handles.ts';
import { network as p } from '../wire/procedures/network.ts';
import type { TypedParameter, TypedValues } from '../xdr/index.ts';

/** A plug in a virtual network, such as that of one guest interface. Since libvirt 5.5.0. */
export class NetworkPort {
  readonly uuid: string;
  readonly #rpc: Rpc;
  readonly #port: NetworkPortHandle;

  constructor(rpc: Rpc, port: NetworkPortHandle) {
    this.#rpc = rpc;
    this.#port = port;
    this.uuid = port.uuid;
  }

  /** The name of its network. */
  get networkName(): string {
    return this.#port.net.name;
  }

  /** Its definition. Since libvirt 5.5.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { port: this.#port, flags };
    return (await this.#rpc.call(p.NETWORK_PORT_GET_XML_DESC, args, options)).xml;
  }

  /** Its bandwidth limits, such as `inbound.average` in KiB/s. Since libvirt 5.5.0. */
  async getParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const ask = { port: this.#port, nparams: 0, flags };
    const { nparams } = await this.#rpc.call(p.NETWORK_PORT_GET_PARAMETERS, ask, options);
    const args = { ...ask, nparams };
    return (await this.#rpc.call(p.NETWORK_PORT_GET_PARAMETERS, args, options)).params;
  }

  /** Changes its bandwidth limits. Since libvirt 5.5.0. */
  async setParameters(params: TypedParameter[], flags = 0, options?: CallOptions): Promise<void> {
    const args = { port: this.#port, params, flags };
    await this.#rpc.call(p.NETWORK_PORT_SET_PARAMETERS, args, options);
  }

  /** Pulls the plug. Since libvirt 5.5.0. */
  async delete(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.NETWORK_PORT_DELETE, { port: this.#port, flags }, options);
  }
}
