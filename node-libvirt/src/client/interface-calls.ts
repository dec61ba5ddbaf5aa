import type { CallOptions } from '../connection/call-options.ts';
import { hostInterface as p } from '../wire/procedures/device.ts';
import { HostInterface } from './host-interface.ts';
import { NetworkCalls } from './network-calls.ts';

/** Network interfaces of the host. Most daemons can only list them: changing needs netcf. */
export abstract class InterfaceCalls extends NetworkCalls {
  /** Flag 1 for those that are down, 2 for those that are up; 0 lists all. Since libvirt 0.10.2. */
  async listAllInterfaces(flags = 0, options?: CallOptions): Promise<HostInterface[]> {
    const args = { needResults: true, flags };
    const { ifaces } = await this.rpc.call(p.CONNECT_LIST_ALL_INTERFACES, args, options);
    return ifaces.map((handle) => new HostInterface(this.rpc, handle));
  }

  /** @throws LibvirtError `isNoInterface`. Since libvirt 0.6.4. */
  async interfaceLookupByName(name: string, options?: CallOptions): Promise<HostInterface> {
    const { iface } = await this.rpc.call(p.INTERFACE_LOOKUP_BY_NAME, { name }, options);
    return new HostInterface(this.rpc, iface);
  }

  /** @throws LibvirtError `isNoInterface`. Since libvirt 0.6.4. */
  async interfaceLookupByMACString(mac: string, options?: CallOptions): Promise<HostInterface> {
    const { iface } = await this.rpc.call(p.INTERFACE_LOOKUP_BY_MAC_STRING, { mac }, options);
    return new HostInterface(this.rpc, iface);
  }

  /** Stores a configuration; it is not brought up. Since libvirt 0.6.4. */
  async interfaceDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<HostInterface> {
    const { iface } = await this.rpc.call(p.INTERFACE_DEFINE_XML, { xml, flags }, options);
    return new HostInterface(this.rpc, iface);
  }

  /** Remembers the present configuration, to be kept or given up. Since libvirt 0.9.2. */
  async interfaceChangeBegin(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.INTERFACE_CHANGE_BEGIN, { flags }, options);
  }

  /** Keeps what was changed since {@link interfaceChangeBegin}. Since libvirt 0.9.2. */
  async interfaceChangeCommit(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.INTERFACE_CHANGE_COMMIT, { flags }, options);
  }

  /** Goes back to what was before {@link interfaceChangeBegin}. Since libvirt 0.9.2. */
  async interfaceChangeRollback(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.INTERFACE_CHANGE_ROLLBACK, { flags }, options);
  }
}
