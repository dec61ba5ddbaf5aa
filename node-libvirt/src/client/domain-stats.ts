import type { CallOptions } from '../connection/call-options.ts';
import { domainGuest as p } from '../wire/procedures/domain-guest.ts';
import { type TypedValues, toTypedValues } from '../xdr/index.ts';
import { DomainJobs } from './domain-jobs.ts';

export interface BlockStats {
  readonly rdReq: number;
  readonly rdBytes: number;
  readonly wrReq: number;
  readonly wrBytes: number;
  readonly errs: number;
}

export interface InterfaceStats {
  readonly rxBytes: number;
  readonly rxPackets: number;
  readonly rxErrs: number;
  readonly rxDrop: number;
  readonly txBytes: number;
  readonly txPackets: number;
  readonly txErrs: number;
  readonly txDrop: number;
}

/** virSecurityLabel: what keeps the guest's process apart, and whether that is enforced. */
export interface SecurityLabel {
  readonly label: string;
  readonly enforcing: boolean;
}

/** VIR_TYPED_PARAM_STRING_OKAY: without it values that are strings are left out. */
const STRINGS_OKAY = 4;
/** The most host CPUs that one question about CPU time may be about. */
const CPUS_AT_A_TIME = 128;

/** What a domain has done and does; for many domains ask `Connection.getAllDomainStats`. */
export abstract class DomainStatistics extends DomainJobs {
  /**
   * Requests and bytes of a disk since it was started. `path` is its file or target. Since libvirt
   * 0.3.2.
   */
  blockStats(path: string, options?: CallOptions): Promise<BlockStats> {
    return this.rpc.call(p.DOMAIN_BLOCK_STATS, { dom: this.dom, path }, options);
  }

  /**
   * Packets and bytes since it was started. `device` is the interface of the host. Since libvirt
   * 0.3.2.
   */
  interfaceStats(device: string, options?: CallOptions): Promise<InterfaceStats> {
    return this.rpc.call(p.DOMAIN_INTERFACE_STATS, { dom: this.dom, device }, options);
  }

  /** Values by MemoryStatTag, most in KiB. Since libvirt 0.7.5. */
  async memoryStats(flags = 0, options?: CallOptions): Promise<Map<number, number>> {
    const args = { dom: this.dom, maxStats: 64, flags };
    const { stats } = await this.rpc.call(p.DOMAIN_MEMORY_STATS, args, options);
    return new Map(stats.map(({ tag, val }) => [tag, val]));
  }

  /**
   * As {@link blockStats}, with times (ns) and flushes, by names such as `rd_total_times`. Since
   * libvirt 0.9.5.
   */
  async blockStatsFlags(path: string, flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, path, nparams: 0, flags: flags | STRINGS_OKAY };
    const { nparams } = await this.rpc.call(p.DOMAIN_BLOCK_STATS_FLAGS, args, options);
    const all = { ...args, nparams };
    return (await this.rpc.call(p.DOMAIN_BLOCK_STATS_FLAGS, all, options)).params;
  }

  /**
   * CPU time in nanoseconds, `cpu_time`, `user_time` and `system_time`, of the whole domain. Needs
   * cgroups, so the system's daemon. Since libvirt 0.9.10.
   */
  async getCPUStats(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const [total = {}] = await this.#cpuStats(-1, 1, flags, options);
    return total;
  }

  /**
   * CPU time in nanoseconds on each host CPU from `startCpu` on, at most 128. Since libvirt 0.9.10.
   */
  getPerCPUStats(
    startCpu = 0,
    count = CPUS_AT_A_TIME,
    flags = 0,
    options?: CallOptions,
  ): Promise<TypedValues[]> {
    return this.#cpuStats(startCpu, count, flags, options);
  }

  async #cpuStats(
    startCpu: number,
    ncpus: number,
    flags: number,
    options?: CallOptions,
  ): Promise<TypedValues[]> {
    const ask = { dom: this.dom, nparams: 0, startCpu, ncpus: 1, flags };
    const { nparams } = await this.rpc.call(p.DOMAIN_GET_CPU_STATS, ask, options);
    const args = { ...ask, nparams, ncpus };
    const { params } = await this.rpc.call(p.DOMAIN_GET_CPU_STATS, args, options);
    const count = nparams === 0 ? 0 : Math.ceil(params.length / nparams);
    return Array.from({ length: count }, (_, at) =>
      toTypedValues(params.slice(at * nparams, (at + 1) * nparams)),
    );
  }

  /** The label of a running guest's process. Since libvirt 0.6.1. */
  getSecurityLabel(options?: CallOptions): Promise<SecurityLabel> {
    return this.rpc.call(p.DOMAIN_GET_SECURITY_LABEL, { dom: this.dom }, options);
  }

  /** The same of every security driver in use. Since libvirt 0.10.0. */
  async getSecurityLabelList(options?: CallOptions): Promise<SecurityLabel[]> {
    const args = { dom: this.dom };
    return (await this.rpc.call(p.DOMAIN_GET_SECURITY_LABEL_LIST, args, options)).labels;
  }

  /**
   * Reads up to 4 MiB of a disk as the guest sees it: `path` is its file or target. Since libvirt
   * 0.4.4.
   */
  async blockPeek(
    path: string,
    offset: number,
    size: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<Uint8Array> {
    const args = { dom: this.dom, path, offset, size, flags };
    return (await this.rpc.call(p.DOMAIN_BLOCK_PEEK, args, options)).buffer;
  }

  /**
   * Reads up to 4 MiB of a guest's memory; flag 1 virtual addresses, 2 physical. Since libvirt
   * 0.4.4.
   */
  async memoryPeek(
    start: number,
    size: number,
    flags: number,
    options?: CallOptions,
  ): Promise<Uint8Array> {
    const args = { dom: this.dom, offset: start, size, flags };
    return (await this.rpc.call(p.DOMAIN_MEMORY_PEEK, args, options)).buffer;
  }
}
