import type { CallOptions } from '../connection/call-options.ts';
import { host as p } from '../wire/procedures/host.ts';
import { NodeCalls } from './node-calls.ts';

export interface DomainCapabilitiesQuery {
  readonly emulator?: string | undefined;
  readonly arch?: string | undefined;
  readonly machine?: string | undefined;
  readonly virttype?: string | undefined;
  readonly flags?: number | undefined;
}

function orNull({ emulator, arch, machine, virttype, flags = 0 }: DomainCapabilitiesQuery) {
  return {
    emulator: emulator ?? null,
    arch: arch ?? null,
    machine: machine ?? null,
    virttype: virttype ?? null,
    flags,
  };
}

/** Questions about the daemon and its host. */
export abstract class HostCalls extends NodeCalls {
  /** The daemon's version as major * 1,000,000 + minor * 1,000 + release. Since libvirt 0.7.3. */
  async getLibVersion(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_GET_LIB_VERSION, undefined, options)).version;
  }

  /** The hypervisor's version, in the same form. Since libvirt 0.0.3. */
  async getVersion(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_GET_VERSION, undefined, options)).version;
  }

  /** The driver, such as `QEMU` or `TEST`. Since libvirt 0.0.3. */
  async getType(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_TYPE, undefined, options)).type;
  }

  /** The host's name. Since libvirt 0.3.0. */
  async getHostname(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_HOSTNAME, undefined, options)).hostname;
  }

  /** The URI as the daemon sees it. Since libvirt 0.3.0. */
  async getURI(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_URI, undefined, options)).uri;
  }

  /** The host's processor, memory and what guests it can have, as XML. Since libvirt 0.2.1. */
  async getCapabilities(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_CAPABILITIES, undefined, options)).xml;
  }

  /**
   * What domains of one kind can have on this host; everything left out is the host's default.
   * Since libvirt 1.2.7.
   */
  async getDomainCapabilities(
    query: DomainCapabilitiesQuery = {},
    options?: CallOptions,
  ): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_DOMAIN_CAPABILITIES, orNull(query), options)).xml;
  }

  /** Which kinds of pools this daemon can have, as XML. Since libvirt 5.2.0. */
  async getStoragePoolCapabilities(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_STORAGE_POOL_CAPABILITIES, { flags }, options)).xml;
  }

  /** The host's SMBIOS tables, as XML. Since libvirt 0.8.8. */
  async getSysinfo(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_SYSINFO, { flags }, options)).sysinfo;
  }

  /** How many virtual CPUs one domain may have. Since libvirt 0.2.1. */
  async getMaxVcpus(type: string | null = null, options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_GET_MAX_VCPUS, { type }, options)).max;
  }

  /** The processor models that libvirt knows. Since libvirt 1.1.3. */
  async getCPUModelNames(arch: string, flags = 0, options?: CallOptions): Promise<string[]> {
    const args = { arch, needResults: true, flags };
    return (await this.rpc.call(p.CONNECT_GET_CPU_MODEL_NAMES, args, options)).models;
  }

  /** The richest CPU that all of `xmls` have in common. Since libvirt 4.4.0. */
  async baselineHypervisorCPU(
    xmls: string[],
    query: DomainCapabilitiesQuery = {},
    options?: CallOptions,
  ): Promise<string> {
    const args = { ...orNull(query), xmls };
    return (await this.rpc.call(p.CONNECT_BASELINE_HYPERVISOR_CPU, args, options)).cpu;
  }

  /**
   * 0 incompatible, 1 identical, 2 superset: the host's CPU compared to that of `xml`. Since
   * libvirt 4.4.0.
   */
  async compareHypervisorCPU(
    xml: string,
    query: DomainCapabilitiesQuery = {},
    options?: CallOptions,
  ): Promise<number> {
    const args = { ...orNull(query), xml };
    return (await this.rpc.call(p.CONNECT_COMPARE_HYPERVISOR_CPU, args, options)).result;
  }

  /** The command line QEMU would get: `format` is `qemu-argv`. Since libvirt 0.6.4. */
  async domainXMLToNative(
    format: string,
    xml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { format, xml, flags };
    return (await this.rpc.call(p.CONNECT_DOMAIN_XML_TO_NATIVE, args, options)).config;
  }

  /**
   * Turns a hypervisor's own configuration into domain XML: `format` is `qemu-argv`, `vmx-...`.
   * Since libvirt 0.6.4.
   */
  async domainXMLFromNative(
    format: string,
    config: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { format, config, flags };
    return (await this.rpc.call(p.CONNECT_DOMAIN_XML_FROM_NATIVE, args, options)).xml;
  }

  /** Whether nobody else can read what the daemon and its hypervisor say. Since libvirt 0.7.3. */
  async isSecure(options?: CallOptions): Promise<boolean> {
    return (await this.rpc.call(p.CONNECT_IS_SECURE, undefined, options)).secure;
  }

  /**
   * 0 incompatible, 1 identical, 2 superset: the host's own CPU compared to that of `xml`. Since
   * libvirt 0.7.5.
   */
  async compareCPU(xml: string, flags = 0, options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_COMPARE_CPU, { xml, flags }, options)).result;
  }

  /** The richest CPU that hosts with all of `xmls` have in common. Since libvirt 0.7.7. */
  async baselineCPU(xmls: string[], flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_BASELINE_CPU, { xmls, flags }, options)).cpu;
  }
}
