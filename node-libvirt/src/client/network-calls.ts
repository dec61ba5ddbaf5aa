import type { CallOptions } from '../connection/call-options.ts';
import { LibvirtError } from '../wire/libvirt-error.ts';
import type { Procedure } from '../wire/procedure.ts';
import { nwFilter as f, network as n } from '../wire/procedures/network.ts';
import { Network } from './network.ts';
import { NwFilter, NwFilterBinding } from './nw-filter.ts';
import { StorageCalls } from './storage-calls.ts';

/** Networks and network filters of a connection. */
export abstract class NetworkCalls extends StorageCalls {
  /** See ListAllNetworksFlags; 0 lists all. Since libvirt 0.10.2. */
  async listAllNetworks(flags = 0, options?: CallOptions): Promise<Network[]> {
    const args = { needResults: true, flags };
    const { nets } = await this.rpc.call(n.CONNECT_LIST_ALL_NETWORKS, args, options);
    return nets.map((handle) => new Network(this.rpc, handle));
  }

  /**
   * Since libvirt 0.2.0.
   *
   * @throws LibvirtError `isNoNetwork`.
   */
  async networkLookupByName(name: string, options?: CallOptions): Promise<Network> {
    const { net } = await this.rpc.call(n.NETWORK_LOOKUP_BY_NAME, { name }, options);
    return new Network(this.rpc, net);
  }

  /**
   * Since libvirt 0.2.0.
   *
   * @throws LibvirtError `isNoNetwork`.
   */
  async networkLookupByUUID(uuid: string, options?: CallOptions): Promise<Network> {
    const { net } = await this.rpc.call(n.NETWORK_LOOKUP_BY_UUID, { uuid }, options);
    return new Network(this.rpc, net);
  }

  /** Flag 1 checks the XML's schema; daemons before 7.7 do not know flags. Since libvirt 0.2.0. */
  async networkDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<Network> {
    const { net } = await this.#withFlags(
      n.NETWORK_DEFINE_XML,
      n.NETWORK_DEFINE_XML_FLAGS,
      xml,
      flags,
      options,
    );
    return new Network(this.rpc, net);
  }

  /** Starts a transient network. Since libvirt 0.2.0. */
  async networkCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<Network> {
    const { net } = await this.#withFlags(
      n.NETWORK_CREATE_XML,
      n.NETWORK_CREATE_XML_FLAGS,
      xml,
      flags,
      options,
    );
    return new Network(this.rpc, net);
  }

  /** Every network filter. Since libvirt 0.10.2. */
  async listAllNWFilters(flags = 0, options?: CallOptions): Promise<NwFilter[]> {
    const args = { needResults: true, flags };
    const { filters } = await this.rpc.call(f.CONNECT_LIST_ALL_NWFILTERS, args, options);
    return filters.map((handle) => new NwFilter(this.rpc, handle));
  }

  /**
   * Since libvirt 0.8.0.
   *
   * @throws LibvirtError `isNoNWFilter`.
   */
  async nwfilterLookupByName(name: string, options?: CallOptions): Promise<NwFilter> {
    const { nwfilter } = await this.rpc.call(f.NWFILTER_LOOKUP_BY_NAME, { name }, options);
    return new NwFilter(this.rpc, nwfilter);
  }

  /**
   * Since libvirt 0.8.0.
   *
   * @throws LibvirtError `isNoNWFilter`.
   */
  async nwfilterLookupByUUID(uuid: string, options?: CallOptions): Promise<NwFilter> {
    const { nwfilter } = await this.rpc.call(f.NWFILTER_LOOKUP_BY_UUID, { uuid }, options);
    return new NwFilter(this.rpc, nwfilter);
  }

  /**
   * Stores a filter, or replaces it in force: running guests get the new rules. Since libvirt
   * 0.8.0.
   */
  async nwfilterDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<NwFilter> {
    const { nwfilter } = await this.#withFlags(
      f.NWFILTER_DEFINE_XML,
      f.NWFILTER_DEFINE_XML_FLAGS,
      xml,
      flags,
      options,
    );
    return new NwFilter(this.rpc, nwfilter);
  }

  /** Every filter that is in force on an interface. Since libvirt 4.5.0. */
  async listAllNWFilterBindings(flags = 0, options?: CallOptions): Promise<NwFilterBinding[]> {
    const args = { needResults: true, flags };
    const { bindings } = await this.rpc.call(f.CONNECT_LIST_ALL_NWFILTER_BINDINGS, args, options);
    return bindings.map((handle) => new NwFilterBinding(this.rpc, handle));
  }

  /**
   * Since libvirt 4.5.0.
   *
   * @throws LibvirtError `isNoNWFilterBinding`.
   */
  async nwfilterBindingLookupByPortDev(
    name: string,
    options?: CallOptions,
  ): Promise<NwFilterBinding> {
    const { binding } = await this.rpc.call(
      f.NWFILTER_BINDING_LOOKUP_BY_PORT_DEV,
      { name },
      options,
    );
    return new NwFilterBinding(this.rpc, binding);
  }

  /**
   * Puts a filter in force on an interface, which libvirt does itself for its domains. Since
   * libvirt 4.5.0.
   */
  async nwfilterBindingCreateXML(
    xml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<NwFilterBinding> {
    const { binding } = await this.rpc.call(f.NWFILTER_BINDING_CREATE_XML, { xml, flags }, options);
    return new NwFilterBinding(this.rpc, binding);
  }

  /** Without flags the old call says the same and every daemon knows it. */
  async #withFlags<R>(
    plain: Procedure<{ xml: string }, R>,
    flagged: Procedure<{ xml: string; flags: number }, R>,
    xml: string,
    flags: number,
    options?: CallOptions,
  ): Promise<R> {
    if (flags === 0) return this.rpc.call(plain, { xml }, options);
    try {
      return await this.rpc.call(flagged, { xml, flags }, options);
    } catch (error) {
      if (!(error instanceof LibvirtError && error.isUnknownProcedure)) throw error;
      return this.rpc.call(plain, { xml }, options);
    }
  }
}
