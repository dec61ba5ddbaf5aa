import type { CallOptions } from '../connection/call-options.ts';
import { domain } from '../wire/procedures/domain.ts';
import { domainTuning as p } from '../wire/procedures/domain-tuning.ts';
import type { TypedParameter } from '../xdr/index.ts';
import { decodeCPUMap, encodeCPUMap, splitCPUMaps } from './cpu-map.ts';
import { DomainTuning } from './domain-tuning.ts';

/** virVcpuInfo: `cpuTime` in nanoseconds, `state` is VcpuState, `cpu` -1 when it is off. */
export interface VcpuInfo {
  readonly number: number;
  readonly state: number;
  readonly cpuTime: bigint;
  /** The host CPU it runs on just now. */
  readonly cpu: number;
  /** The host CPUs that it may run on. */
  readonly cpus: readonly number[];
}

/** virDomainIOThreadInfo. */
export interface IOThreadInfo {
  readonly id: number;
  /** The host CPUs that it may run on. */
  readonly cpus: readonly number[];
}

/** Enough for the CPUs of any host of today: 1,024. */
const MAP_BYTES = 128;

/** Virtual CPUs and I/O threads, and the host CPUs that they may use. */
export abstract class DomainCPUs extends DomainTuning {
  /**
   * The virtual CPUs of a running domain. Since libvirt 0.1.4.
   *
   * @throws LibvirtError `isOperationInvalid` when it is off.
   */
  async getVcpus(options?: CallOptions): Promise<VcpuInfo[]> {
    const { nrVirtCpu } = await this.rpc.call(domain.DOMAIN_GET_INFO, { dom: this.dom }, options);
    const args = { dom: this.dom, maxInfo: nrVirtCpu, mapBytes: MAP_BYTES };
    const { info, cpuMaps } = await this.rpc.call(p.DOMAIN_GET_VCPUS, args, options);
    const maps = splitCPUMaps(cpuMaps, MAP_BYTES);
    return info.map((vcpu, index) => ({ ...vcpu, cpus: maps[index] ?? [] }));
  }

  /**
   * `cpus` are the numbers of the host CPUs that the virtual one may run on. Since libvirt 0.9.3.
   */
  async pinVcpuFlags(
    vcpu: number,
    cpus: Iterable<number>,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, vcpu, cpumap: encodeCPUMap(cpus), flags };
    await this.rpc.call(p.DOMAIN_PIN_VCPU_FLAGS, args, options);
  }

  /** The host CPUs that each virtual CPU may run on, by its number. Since libvirt 0.9.3. */
  async getVcpuPinInfo(flags = 0, options?: CallOptions): Promise<number[][]> {
    const { nrVirtCpu } = await this.rpc.call(domain.DOMAIN_GET_INFO, { dom: this.dom }, options);
    const args = { dom: this.dom, maps: nrVirtCpu, mapBytes: MAP_BYTES, flags };
    const { cpuMaps, num } = await this.rpc.call(p.DOMAIN_GET_VCPU_PIN_INFO, args, options);
    return splitCPUMaps(cpuMaps, MAP_BYTES).slice(0, num);
  }

  /** Where the emulator's own threads, those of no virtual CPU, may run. Since libvirt 0.10.0. */
  async pinEmulator(cpus: Iterable<number>, flags = 0, options?: CallOptions): Promise<void> {
    const args = { dom: this.dom, cpumap: encodeCPUMap(cpus), flags };
    await this.rpc.call(p.DOMAIN_PIN_EMULATOR, args, options);
  }

  /** The host CPUs that the emulator's threads may run on. Since libvirt 0.10.0. */
  async getEmulatorPinInfo(flags = 0, options?: CallOptions): Promise<number[]> {
    const args = { dom: this.dom, mapBytes: MAP_BYTES, flags };
    const { cpuMap } = await this.rpc.call(p.DOMAIN_GET_EMULATOR_PIN_INFO, args, options);
    return decodeCPUMap(cpuMap);
  }

  /** The I/O threads of the domain. Since libvirt 1.2.14. */
  async getIOThreadInfo(flags = 0, options?: CallOptions): Promise<IOThreadInfo[]> {
    const args = { dom: this.dom, flags };
    const { info } = await this.rpc.call(p.DOMAIN_GET_IOTHREAD_INFO, args, options);
    return info.map(({ id, cpuMap }) => ({ id, cpus: decodeCPUMap(cpuMap) }));
  }

  /** Where one I/O thread may run. Since libvirt 1.2.14. */
  async pinIOThread(
    id: number,
    cpus: Iterable<number>,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, id, cpumap: encodeCPUMap(cpus), flags };
    await this.rpc.call(p.DOMAIN_PIN_IOTHREAD, args, options);
  }

  /** Adds an I/O thread; its number must be free and over 0. Since libvirt 1.2.15. */
  async addIOThread(id: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_ADD_IOTHREAD, { dom: this.dom, id, flags }, options);
  }

  /** Removes an I/O thread that no disk uses. Since libvirt 1.2.15. */
  async delIOThread(id: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_DEL_IOTHREAD, { dom: this.dom, id, flags }, options);
  }

  /** Sets how long it polls: `poll_max_ns`, `poll_grow`, `poll_shrink`. Since libvirt 4.10.0. */
  async setIOThreadParams(
    id: number,
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, id, params, flags };
    await this.rpc.call(p.DOMAIN_SET_IOTHREAD_PARAMS, args, options);
  }
}
