import type { CallOptions } from '../connection/call-options.ts';
import { domainTuning as p } from '../wire/procedures/domain-tuning.ts';
import type { TypedParameter, TypedValues } from '../xdr/index.ts';
import { DomainConfig } from './domain-config.ts';

/** VIR_TYPED_PARAM_STRING_OKAY: without it values that are strings are left out. */
const STRINGS_OKAY = 4;

/**
 * How a domain shares its host with others. `flags` is mostly DomainAffect; what can be set is
 * named by libvirt's VIR_DOMAIN_* parameter constants, such as `cpu_shares` or `total_bytes_sec`.
 */
export abstract class DomainTuning extends DomainConfig {
  /**
   * Sets CPU shares and limits, such as `cpu_shares` or `vcpu_quota` (microseconds). Since libvirt
   * 0.9.2.
   */
  async setSchedulerParametersFlags(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS, args, options);
  }

  /** CPU shares and limits. Since libvirt 0.9.2. */
  async getSchedulerParametersFlags(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS, args, options)).params;
  }

  /** Sets memory limits, such as `hard_limit`, in KiB. Since libvirt 0.8.5. */
  async setMemoryParameters(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_MEMORY_PARAMETERS, args, options);
  }

  /** Memory limits in KiB. Since libvirt 0.8.5. */
  async getMemoryParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_MEMORY_PARAMETERS, args, options)).params;
  }

  /** The weights of its disks. Since libvirt 0.9.0. */
  async getBlkioParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_BLKIO_PARAMETERS, args, options)).params;
  }

  /** Sets `weight`, or `device_weight` of each disk. Since libvirt 0.9.0. */
  async setBlkioParameters(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_BLKIO_PARAMETERS, args, options);
  }

  /** Limits a disk, such as `total_bytes_sec` or `read_iops_sec`. Since libvirt 0.9.8. */
  async setBlockIoTune(
    disk: string,
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, disk, params, flags };
    await this.rpc.call(p.DOMAIN_SET_BLOCK_IO_TUNE, args, options);
  }

  /** `disk` null gives the settings' names only. Since libvirt 0.9.8. */
  async getBlockIoTune(
    disk: string | null,
    flags = 0,
    options?: CallOptions,
  ): Promise<TypedValues> {
    const args = { dom: this.dom, disk, nparams: 32, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_BLOCK_IO_TUNE, args, options)).params;
  }

  /** Limits an interface, such as `inbound.average`, in KiB/s. Since libvirt 0.9.9. */
  async setInterfaceParameters(
    device: string,
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, device, params, flags };
    await this.rpc.call(p.DOMAIN_SET_INTERFACE_PARAMETERS, args, options);
  }

  /**
   * `threshold` is in bytes; the event `block-threshold` tells when it is crossed. Since libvirt
   * 3.1.0.
   */
  async setBlockThreshold(
    dev: string,
    threshold: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, dev, threshold, flags };
    await this.rpc.call(p.DOMAIN_SET_BLOCK_THRESHOLD, args, options);
  }

  /** Limits of one interface, named by its target device or MAC address. Since libvirt 0.9.9. */
  async getInterfaceParameters(
    device: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<TypedValues> {
    const args = { dom: this.dom, device, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_INTERFACE_PARAMETERS, args, options)).params;
  }

  /** Sets `numa_mode` and `numa_nodeset`. Since libvirt 0.9.9. */
  async setNumaParameters(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_NUMA_PARAMETERS, { dom: this.dom, params, flags }, options);
  }

  /** Since libvirt 0.9.9. */
  async getNumaParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_NUMA_PARAMETERS, args, options)).params;
  }

  /** The scheduler, such as `posix`, and how many parameters it has. Since libvirt 0.2.3. */
  getSchedulerType(options?: CallOptions): Promise<{ type: string; nparams: number }> {
    return this.rpc.call(p.DOMAIN_GET_SCHEDULER_TYPE, { dom: this.dom }, options);
  }

  /** Makes or changes a throttle group that several disks share. Since libvirt 11.2.0. */
  async setThrottleGroup(
    group: string,
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, group, params, flags };
    await this.rpc.call(p.DOMAIN_SET_THROTTLE_GROUP, args, options);
  }

  /** Since libvirt 11.2.0. */
  async delThrottleGroup(group: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DEL_THROTTLE_GROUP, { dom: this.dom, group, flags }, options);
  }

  /** Which of the kernel's performance counters are on. Since libvirt 1.3.3. */
  async getPerfEvents(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_PERF_EVENTS, args, options)).params;
  }

  /** Turns counters such as `cpu_cycles` on and off by booleans. Since libvirt 1.3.3. */
  async setPerfEvents(params: TypedParameter[], flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_PERF_EVENTS, { dom: this.dom, params, flags }, options);
  }

  /** What the firmware measured of a confidential guest (SEV). Since libvirt 4.5.0. */
  async getLaunchSecurityInfo(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, flags };
    return (await this.rpc.call(p.DOMAIN_GET_LAUNCH_SECURITY_INFO, args, options)).params;
  }

  /** Hands a launch secret to a paused confidential guest (SEV). Since libvirt 8.0.0. */
  async setLaunchSecurityState(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_LAUNCH_SECURITY_STATE, args, options);
  }

  /**
   * Begins to measure how fast the guest changes its memory, for `seconds` (1 to 60); statistics of
   * type DomainStatsTypes.DIRTYRATE have the result. Since libvirt 7.2.0.
   */
  async startDirtyRateCalc(seconds: number, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.dom, seconds, flags };
    await this.rpc.call(p.DOMAIN_START_DIRTY_RATE_CALC, args, options);
  }
}
