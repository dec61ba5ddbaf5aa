import type { CallOptions } from '../connection/call-options.ts';
import type { RpcConnection } from '../connection/rpc-connection.ts';
import { host as p } from '../wire/procedures/host.ts';
import type { TypedParameter, TypedValues } from '../xdr/index.ts';
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

/** virNodeAllocPages: how many pages of a size, which is in KiB. */
export interface PagesRequest {
  readonly sizeKiB: number;
  readonly count: number;
}

interface NodeStats {
  readonly params: readonly { field: string; value: number }[];
  readonly nparams: number;
}

/** VIR_TYPED_PARAM_STRING_OKAY: without it values that are strings are left out. */
const STRINGS_OKAY = 4;

/** The host as a computer: processors, memory, power. */
export abstract class NodeCalls {
  protected readonly rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.rpc = rpc;
  }

  /** The host's processors and memory. Since libvirt 0.1.0. */
  getNodeInfo(options?: CallOptions): Promise<NodeInfo> {
    return this.rpc.call(p.NODE_GET_INFO, undefined, options);
  }

  /** In bytes. Since libvirt 0.3.3. */
  async getFreeMemory(options?: CallOptions): Promise<number> {
    return (await this.rpc.call(p.NODE_GET_FREE_MEMORY, undefined, options)).freeMem;
  }

  /** In bytes, one number a NUMA node. Since libvirt 0.3.3. */
  async getCellsFreeMemory(
    startCell = 0,
    maxCells = 1024,
    options?: CallOptions,
  ): Promise<number[]> {
    const args = { startCell, maxCells };
    return (await this.rpc.call(p.NODE_GET_CELLS_FREE_MEMORY, args, options)).cells;
  }

  /** Which of the host's processors are online. Since libvirt 1.0.0. */
  async getCPUMap(options?: CallOptions): Promise<CPUMap> {
    const args = { needMap: true, needOnline: true, flags: 0 };
    const { cpumap, ret } = await this.rpc.call(p.NODE_GET_CPU_MAP, args, options);
    return { total: ret, online: decodeCPUMap(cpumap) };
  }

  /**
   * By field, such as `total` and `free`, in KiB; `cell` -1 for all of the host. Since libvirt
   * 0.9.3.
   */
  async getMemoryStats(cell = -1, options?: CallOptions): Promise<Record<string, number>> {
    const ask = (nparams: number) =>
      this.rpc.call(p.NODE_GET_MEMORY_STATS, { nparams, cell, flags: 0 }, options);
    return this.#inTwoSteps(ask);
  }

  /**
   * By field, such as `user` and `idle`, in nanoseconds; `cpu` -1 for all together. Since libvirt
   * 0.9.3.
   */
  async getCPUStats(cpu = -1, options?: CallOptions): Promise<Record<string, number>> {
    const ask = (nparams: number) =>
      this.rpc.call(p.NODE_GET_CPU_STATS, { cpu, nparams, flags: 0 }, options);
    return this.#inTwoSteps(ask);
  }

  /** Settings of memory sharing (KSM) and how well it works. Since libvirt 0.10.2. */
  async getMemoryParameters(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { nparams: 64, flags: flags | STRINGS_OKAY };
    return (await this.rpc.call(p.NODE_GET_MEMORY_PARAMETERS, args, options)).params;
  }

  /** Sets those such as `shm_pages_to_scan`. Since libvirt 0.10.2. */
  async setMemoryParameters(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(p.NODE_SET_MEMORY_PARAMETERS, { params, flags }, options);
  }

  /**
   * How many free memory pages of each size (in KiB) each NUMA node has: one list a node, in the
   * order of `sizesKiB`. Since libvirt 1.2.6.
   */
  async getFreePages(
    sizesKiB: number[],
    startCell = 0,
    cellCount = 1,
    options?: CallOptions,
  ): Promise<number[][]> {
    const args = { pages: sizesKiB, startCell, cellCount, flags: 0 };
    const { counts } = await this.rpc.call(p.NODE_GET_FREE_PAGES, args, options);
    return Array.from({ length: cellCount }, (_, cell) =>
      counts.slice(cell * sizesKiB.length, (cell + 1) * sizesKiB.length),
    );
  }

  /**
   * Sets aside huge pages on each NUMA node from `startCell` on; flag 1 sets their number, 0 adds.
   * Returns how many were changed. Since libvirt 1.2.9.
   */
  async allocPages(
    pages: readonly PagesRequest[],
    startCell = -1,
    cellCount = 1,
    flags = 0,
    options?: CallOptions,
  ): Promise<number> {
    const pageSizes = pages.map(({ sizeKiB }) => sizeKiB);
    const pageCounts = pages.map(({ count }) => count);
    const args = { pageSizes, pageCounts, startCell, cellCount, flags };
    return (await this.rpc.call(p.NODE_ALLOC_PAGES, args, options)).ret;
  }

  /**
   * The mandatory access control that separates guests, such as `apparmor`. Since libvirt 0.6.1.
   */
  getSecurityModel(options?: CallOptions): Promise<{ model: string; doi: string }> {
    return this.rpc.call(p.NODE_GET_SECURITY_MODEL, undefined, options);
  }

  /** The certificates of the host's memory encryption (AMD SEV). Since libvirt 4.5.0. */
  async getSEVInfo(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const { nparams } = await this.rpc.call(p.NODE_GET_SEV_INFO, { nparams: 0, flags }, options);
    return (await this.rpc.call(p.NODE_GET_SEV_INFO, { nparams, flags }, options)).params;
  }

  /**
   * Puts the host to sleep and wakes it after `durationSeconds`, at least 60; `target` is
   * NodeSuspendTarget. Since libvirt 0.9.8.
   */
  async suspendForDuration(
    target: number,
    durationSeconds: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { target, duration: durationSeconds, flags };
    await this.rpc.call(p.NODE_SUSPEND_FOR_DURATION, args, options);
  }

  /** The daemon wants to be asked for exactly as many as it has, so it is asked for that first. */
  async #inTwoSteps(ask: (nparams: number) => Promise<NodeStats>): Promise<Record<string, number>> {
    const { nparams } = await ask(0);
    const { params } = await ask(nparams);
    return Object.fromEntries(params.map(({ field, value }) => [field, value]));
  }
}
