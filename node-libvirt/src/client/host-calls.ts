import type { CallOptions } from '../connection/call-options.ts';
import type { RpcConnection } from '../connection/rpc-connection.ts';
import { host as p } from '../wire/procedures/host.ts';
import { decodeCPUMap } from './cpu-map.ts';

/** virNodeInfo: `memory` in KiB. */
export interface NodeInfo {
  readonly model: string;
  readonly memory: number;
  readonly cpus: number;
  readonly mhz: number;
  readonly nodes: number;
  readonly sockets: number;
  readonly cores: number;
  readonly threads: number;
}

export interface CPUMap {
  /** How many CPUs the host has. */
  readonly total: number;
  /** The numbers of those that are online. */
  readonly online: readonly number[];
}

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

interface NodeStats {
  readonly params: readonly { field: string; value: number }[];
  readonly nparams: number;
}

/** Questions about the daemon and its host. */
export abstract class HostCalls {
  protected readonly rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.rpc = rpc;
  }

  /** The daemon's version as major * 1,000,000 + minor * 1,000 + release. */
  async getLibVersion(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_GET_LIB_VERSION, undefined, options)).version;
  }

  /** The hypervisor's version, in the same form. */
  async getVersion(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_GET_VERSION, undefined, options)).version;
  }

  /** The driver, such as `QEMU` or `TEST`. */
  async getType(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_TYPE, undefined, options)).type;
  }

  async getHostname(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_HOSTNAME, undefined, options)).hostname;
  }

  async getURI(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_URI, undefined, options)).uri;
  }

  async getCapabilities(options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_CAPABILITIES, undefined, options)).xml;
  }

  /** What domains of one kind can have on this host; everything left out is the host's default. */
  async getDomainCapabilities(
    query: DomainCapabilitiesQuery = {},
    options?: CallOptions,
  ): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_DOMAIN_CAPABILITIES, orNull(query), options)).xml;
  }

  async getStoragePoolCapabilities(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_STORAGE_POOL_CAPABILITIES, { flags }, options)).xml;
  }

  async getSysinfo(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.CONNECT_GET_SYSINFO, { flags }, options)).sysinfo;
  }

  async getMaxVcpus(type: string | null = null, options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.CONNECT_GET_MAX_VCPUS, { type }, options)).max;
  }

  getNodeInfo(options?: CallOptions): Promise<NodeInfo> {
    return this.rpc.call(p.NODE_GET_INFO, undefined, options);
  }

  /** In bytes. */
  async getFreeMemory(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.NODE_GET_FREE_MEMORY, undefined, options)).freeMem;
  }

  /** In bytes, one number a NUMA node. */
  async getCellsFreeMemory(
    startCell = 0,
    maxCells = 1024,
    options?: CallOptions,
  ): Promise<number[]> {
    const args = { startCell, maxCells };
    return (await this.rpc.call(p.NODE_GET_CELLS_FREE_MEMORY, args, options)).cells;
  }

  async getCPUMap(options?: CallOptions): Promise<CPUMap> {
    const args = { needMap: true, needOnline: true, flags: 0 };
    const { cpumap, ret } = await this.rpc.call(p.NODE_GET_CPU_MAP, args, options);
    return { total: ret, online: decodeCPUMap(cpumap) };
  }

  async getCPUModelNames(arch: string, flags = 0, options?: CallOptions): Promise<string[]> {
    const args = { arch, needResults: true, flags };
    return (await this.rpc.call(p.CONNECT_GET_CPU_MODEL_NAMES, args, options)).models;
  }

  /** By field, such as `total` and `free`, in KiB; `cell` -1 for all of the host. */
  async getMemoryStats(cell = -1, options?: CallOptions): Promise<Record<string, number>> {
    const ask = (nparams: number) =>
      this.rpc.call(p.NODE_GET_MEMORY_STATS, { nparams, cell, flags: 0 }, options);
    return this.#inTwoSteps(ask);
  }

  /** By field, such as `user` and `idle`, in nanoseconds; `cpu` -1 for all together. */
  async getCPUStats(cpu = -1, options?: CallOptions): Promise<Record<string, number>> {
    const ask = (nparams: number) =>
      this.rpc.call(p.NODE_GET_CPU_STATS, { cpu, nparams, flags: 0 }, options);
    return this.#inTwoSteps(ask);
  }

  /** The richest CPU that all of `xmls` have in common. */
  async baselineHypervisorCPU(
    xmls: string[],
    query: DomainCapabilitiesQuery = {},
    options?: CallOptions,
  ): Promise<string> {
    const args = { ...orNull(query), xmls };
    return (await this.rpc.call(p.CONNECT_BASELINE_HYPERVISOR_CPU, args, options)).cpu;
  }

  /** 0 incompatible, 1 identical, 2 superset: the host's CPU compared to that of `xml`. */
  async compareHypervisorCPU(
    xml: string,
    query: DomainCapabilitiesQuery = {},
    options?: CallOptions,
  ): Promise<number> {
    const args = { ...orNull(query), xml };
    return (await this.rpc.call(p.CONNECT_COMPARE_HYPERVISOR_CPU, args, options)).result;
  }

  /** The command line QEMU would get: `format` is `qemu-argv`. */
  async domainXMLToNative(
    format: string,
    xml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { format, xml, flags };
    return (await this.rpc.call(p.CONNECT_DOMAIN_XML_TO_NATIVE, args, options)).config;
  }

  /** The daemon wants to be asked for exactly as many as it has, so it is asked for that first. */
  async #inTwoSteps(ask: (nparams: number) => Promise<NodeStats>): Promise<Record<string, number>> {
    const { nparams } = await ask(0);
    const { params } = await ask(nparams);
    return Object.fromEntries(params.map(({ field, value }) => [field, value]));
  }
}
