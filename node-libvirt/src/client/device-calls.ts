import type { CallOptions } from '../connection/call-options.ts';
import { nodeDevice as d, secret as s } from '../wire/procedures/device.ts';
import { InterfaceCalls } from './interface-calls.ts';
import { NodeDevice } from './node-device.ts';
import { Secret } from './secret.ts';

/** Devices of the host, and secrets. */
export abstract class DeviceCalls extends InterfaceCalls {
  /** See ListAllNodeDevicesFlags; 0 lists all. Since libvirt 0.10.2. */
  async listAllNodeDevices(flags = 0, options?: CallOptions): Promise<NodeDevice[]> {
    const args = { needResults: true, flags };
    const { devices } = await this.rpc.call(d.CONNECT_LIST_ALL_NODE_DEVICES, args, options);
    return devices.map((handle) => new NodeDevice(this.rpc, handle));
  }

  /**
   * Since libvirt 0.5.0.
   *
   * @throws LibvirtError `isNoNodeDevice`.
   */
  async nodeDeviceLookupByName(name: string, options?: CallOptions): Promise<NodeDevice> {
    const { dev } = await this.rpc.call(d.NODE_DEVICE_LOOKUP_BY_NAME, { name }, options);
    return new NodeDevice(this.rpc, dev);
  }

  /** Makes a mediated device. Since libvirt 0.6.3. */
  async nodeDeviceCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<NodeDevice> {
    const { dev } = await this.rpc.call(d.NODE_DEVICE_CREATE_XML, { xml, flags }, options);
    return new NodeDevice(this.rpc, dev);
  }

  /** Stores the definition of a mediated device. Since libvirt 7.3.0. */
  async nodeDeviceDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<NodeDevice> {
    const { dev } = await this.rpc.call(d.NODE_DEVICE_DEFINE_XML, { xml, flags }, options);
    return new NodeDevice(this.rpc, dev);
  }

  /** The Fibre Channel host with these world-wide names. Since libvirt 1.0.3. */
  async nodeDeviceLookupSCSIHostByWWN(
    wwnn: string,
    wwpn: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<NodeDevice> {
    const args = { wwnn, wwpn, flags };
    const { dev } = await this.rpc.call(d.NODE_DEVICE_LOOKUP_SCSI_HOST_BY_WWN, args, options);
    return new NodeDevice(this.rpc, dev);
  }

  /** Every secret; see ListAllSecretsFlags, 0 lists all. Since libvirt 0.10.2. */
  async listAllSecrets(flags = 0, options?: CallOptions): Promise<Secret[]> {
    const args = { needResults: true, flags };
    const { secrets } = await this.rpc.call(s.CONNECT_LIST_ALL_SECRETS, args, options);
    return secrets.map((handle) => new Secret(this.rpc, handle));
  }

  /**
   * Since libvirt 0.7.1.
   *
   * @throws LibvirtError `isNoSecret`.
   */
  async secretLookupByUUID(uuid: string, options?: CallOptions): Promise<Secret> {
    const { secret } = await this.rpc.call(s.SECRET_LOOKUP_BY_UUID, { uuid }, options);
    return new Secret(this.rpc, secret);
  }

  /**
   * Since libvirt 0.7.1.
   *
   * @throws LibvirtError `isNoSecret`.
   */
  async secretLookupByUsage(
    usageType: number,
    usageID: string,
    options?: CallOptions,
  ): Promise<Secret> {
    const args = { usageType, usageID };
    const { secret } = await this.rpc.call(s.SECRET_LOOKUP_BY_USAGE, args, options);
    return new Secret(this.rpc, secret);
  }

  /** Stores a secret's description; its value is set by `Secret.setValue`. Since libvirt 0.7.1. */
  async secretDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<Secret> {
    const { secret } = await this.rpc.call(s.SECRET_DEFINE_XML, { xml, flags }, options);
    return new Secret(this.rpc, secret);
  }
}
