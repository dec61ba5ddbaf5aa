import type { CallOptions } from '../connection/call-options.ts';
import { domainConfig as p } from '../wire/procedures/domain-config.ts';
import { DomainPower } from './domain-power.ts';

/** Devices, CPUs, memory and metadata. `flags` is mostly DomainAffect. */
export abstract class DomainConfig extends DomainPower {
  /** Adds a device; see DomainDeviceModifyFlags. Since libvirt 0.7.7. */
  async attachDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_ATTACH_DEVICE_FLAGS, { dom: this.dom, xml, flags }, options);
  }

  /**
   * A running guest may take its time: wait for the event `device-removed`. Since libvirt 0.7.7.
   */
  async detachDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DETACH_DEVICE_FLAGS, { dom: this.dom, xml, flags }, options);
  }

  /**
   * Changes a device, such as the medium in a drive; see DomainDeviceModifyFlags. Since libvirt
   * 0.8.0.
   */
  async updateDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_UPDATE_DEVICE_FLAGS, { dom: this.dom, xml, flags }, options);
  }

  /**
   * Removes the device with that alias; wait for the event `device-removed`. Since libvirt 4.4.0.
   */
  async detachDeviceAlias(alias: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DETACH_DEVICE_ALIAS, { dom: this.dom, alias, flags }, options);
  }

  /** The most memory that it may have, in KiB. Since libvirt 0.0.3. */
  async getMaxMemory(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.DOMAIN_GET_MAX_MEMORY, { dom: this.dom }, options)).memory;
  }

  /** Sets how many virtual CPUs are on; see DomainVcpuFlags. Since libvirt 0.8.5. */
  async setVcpusFlags(nvcpus: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_VCPUS_FLAGS, { dom: this.dom, nvcpus, flags }, options);
  }

  /** How many virtual CPUs there are; see DomainVcpuFlags. Since libvirt 0.8.5. */
  async getVcpusFlags(flags = 0, options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.DOMAIN_GET_VCPUS_FLAGS, { dom: this.dom, flags }, options)).num;
  }

  /** `vcpumap` is a list such as `0-2,5`. Since libvirt 3.1.0. */
  async setVcpu(vcpumap: string, state: boolean, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_VCPU, { dom: this.dom, vcpumap, state, flags }, options);
  }

  /** `memory` is in KiB. Since libvirt 0.9.0. */
  async setMemoryFlags(memory: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_MEMORY_FLAGS, { dom: this.dom, memory, flags }, options);
  }

  /**
   * How often, in seconds, the balloon reports what the guest uses; 0 is never. Since libvirt
   * 1.1.1.
   */
  async setMemoryStatsPeriod(seconds: number, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.dom, period: seconds, flags };
    await this.rpc.call(p.DOMAIN_SET_MEMORY_STATS_PERIOD, args, options);
  }

  /** `type` is DomainMetadataType; null takes the metadata away. Since libvirt 0.9.10. */
  async setMetadata(
    type: number,
    metadata: string | null,
    key: string | null = null,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, type, metadata, key, uri, flags };
    await this.rpc.call(p.DOMAIN_SET_METADATA, args, options);
  }

  /**
   * Since libvirt 0.9.10.
   *
   * @throws LibvirtError `isNoDomainMetadata` when there is none.
   */
  async getMetadata(
    type: number,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { dom: this.dom, type, uri, flags };
    return (await this.rpc.call(p.DOMAIN_GET_METADATA, args, options)).metadata;
  }
}
