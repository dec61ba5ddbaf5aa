import type { CallOptions } from '../connection/call-options.ts';
import { domainConfig as p } from '../wire/procedures/domain-config.ts';
import type { TypedParameter, TypedValues } from '../xdr/index.ts';
import { encodeCPUMap } from './cpu-map.ts';
import { DomainPower } from './domain-power.ts';

/** VIR_TYPED_PARAM_STRING_OKAY: without it values that are strings are left out. */
const STRINGS_OKAY = 4;

/** Devices, CPUs, memory, tuning and metadata. `flags` is mostly DomainAffect. */
export abstract class DomainConfig extends DomainPower {
  async attachDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_ATTACH_DEVICE_FLAGS, { dom: this.dom, xml, flags }, options);
  }

  /** A running guest may take its time: wait for the event `device-removed`. */
  async detachDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DETACH_DEVICE_FLAGS, { dom: this.dom, xml, flags }, options);
  }

  async updateDeviceFlags(xml: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_UPDATE_DEVICE_FLAGS, { dom: this.dom, xml, flags }, options);
  }

  async detachDeviceAlias(alias: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DETACH_DEVICE_ALIAS, { dom: this.dom, alias, flags }, options);
  }

  async setVcpusFlags(nvcpus: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_VCPUS_FLAGS, { dom: this.dom, nvcpus, flags }, options);
  }

  async getVcpusFlags(flags = 0, options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.DOMAIN_GET_VCPUS_FLAGS, { dom: this.dom, flags }, options)).num;
  }

  /** `vcpumap` is a list such as `0-2,5`. */
  async setVcpu(vcpumap: string, state: boolean, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_VCPU, { dom: this.dom, vcpumap, state, flags }, options);
  }

  /** `memory` is in KiB. */
  async setMemoryFlags(memory: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_SET_MEMORY_FLAGS, { dom: this.dom, memory, flags }, options);
  }

  async setMemoryStatsPeriod(seconds: number, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.dom, period: seconds, flags };
    await this.rpc.call(p.DOMAIN_SET_MEMORY_STATS_PERIOD, args, options);
  }

  /** `cpus` are the numbers of the host CPUs that the virtual one may run on. */
  async pinVcpuFlags(
    vcpu: number,
    cpus: Iterable<number>,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, vcpu, cpumap: encodeCPUMap(cpus), flags };
    await this.rpc.call(p.DOMAIN_PIN_VCPU_FLAGS, args, options);
  }

  async pinEmulator(cpus: Iterable<number>, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.dom, cpumap: encodeCPUMap(cpus), flags };
    await this.rpc.call(p.DOMAIN_PIN_EMULATOR, args, options);
  }

  /** `type` is DomainMetadataType; null takes the metadata away. */
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

  /** @throws LibvirtError `isNoDomainMetadata` when there is none. */
  async getMetadata(
    type: number,
    uri: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { dom: this.dom, type, uri, flags };
    return (await this.rpc.call(p.DOMAIN_GET_METADATA, args, options)).metadata;
  }

  async setSchedulerParametersFlags(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_SCHEDULER_PARAMETERS_FLAGS, args, options);
  }

  async getSchedulerParametersFlags(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_SCHEDULER_PARAMETERS_FLAGS, args, options)).params;
  }

  async setMemoryParameters(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_MEMORY_PARAMETERS, args, options);
  }

  async getMemoryParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_MEMORY_PARAMETERS, args, options)).params;
  }

  async getBlkioParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, nparams: 16, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_BLKIO_PARAMETERS, args, options)).params;
  }

  async setBlkioParameters(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, params, flags };
    await this.rpc.call(p.DOMAIN_SET_BLKIO_PARAMETERS, args, options);
  }

  async setBlockIoTune(
    disk: string,
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, disk, params, flags };
    await this.rpc.call(p.DOMAIN_SET_BLOCK_IO_TUNE, args, options);
  }

  async getBlockIoTune(disk: string, flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, disk, nparams: 32, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.DOMAIN_GET_BLOCK_IO_TUNE, args, options)).params;
  }

  async setInterfaceParameters(
    device: string,
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, device, params, flags };
    await this.rpc.call(p.DOMAIN_SET_INTERFACE_PARAMETERS, args, options);
  }

  /** `threshold` is in bytes; the event `block-threshold` tells when it is crossed. */
  async setBlockThreshold(
    dev: string,
    threshold: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, dev, threshold, flags };
    await this.rpc.call(p.DOMAIN_SET_BLOCK_THRESHOLD, args, options);
  }
}
