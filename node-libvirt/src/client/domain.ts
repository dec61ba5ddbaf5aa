import type { CallOptions } from '../connection/call-options.ts';
import type { RpcStream } from '../connection/rpc-stream.ts';
import { domain as p } from '../wire/procedures/domain.ts';
import { domainGuest as g } from '../wire/procedures/domain-guest.ts';
import { qemu } from '../wire/procedures/host.ts';
import type { TypedValues } from '../xdr/index.ts';
import { DomainJobs } from './domain-jobs.ts';

export interface InterfaceAddress {
  /** IPAddrType: 0 IPv4, 1 IPv6. */
  readonly type: number;
  readonly addr: string;
  readonly prefix: number;
}

export interface DomainInterface {
  readonly name: string;
  readonly hwaddr: string | null;
  readonly addrs: readonly InterfaceAddress[];
}

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

export interface FSInfo {
  readonly mountpoint: string;
  readonly name: string;
  readonly fstype: string;
  readonly devAliases: readonly string[];
}

/** A virtual machine. A handle stays good across restarts and reconnects: the UUID is what counts. */
export class Domain extends DomainJobs {
  /** `mime` is what the bytes are: PNG since QEMU 7.1, PPM before. */
  async screenshot(
    screen = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<{ mime: string; stream: RpcStream }> {
    const args = { dom: this.dom, screen, flags };
    const { result, stream } = await this.rpc.open(p.DOMAIN_SCREENSHOT, args, options);
    return { mime: result.mime ?? 'application/octet-stream', stream };
  }

  /** The serial console, both ways. `devName` null is the first one; see DomainConsoleFlags. */
  async openConsole(
    devName: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<RpcStream> {
    const args = { dom: this.dom, devName, flags };
    return (await this.rpc.open(p.DOMAIN_OPEN_CONSOLE, args, options)).stream;
  }

  /** A virtio channel, both ways, by its target name. */
  async openChannel(
    name: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<RpcStream> {
    const args = { dom: this.dom, name, flags };
    return (await this.rpc.open(p.DOMAIN_OPEN_CHANNEL, args, options)).stream;
  }

  /** Presses up to 16 keys together. `codeset` is KeycodeSet. */
  async sendKey(
    codeset: number,
    holdMs: number,
    keycodes: number[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, codeset, holdtime: holdMs, keycodes, flags };
    await this.rpc.call(p.DOMAIN_SEND_KEY, args, options);
  }

  /**
   * Sends one JSON command to the guest agent and returns its JSON answer, null when it has none.
   * `timeoutSeconds`: -2 waits for ever, -1 libvirt's default, 0 does not wait.
   */
  async qemuAgentCommand(
    command: string,
    timeoutSeconds = -1,
    flags = 0,
    options?: CallOptions,
  ): Promise<string | null> {
    const args = { dom: this.dom, cmd: command, timeout: timeoutSeconds, flags };
    return (await this.rpc.call(qemu.DOMAIN_AGENT_COMMAND, args, options)).result;
  }

  /** Sends one QMP command (HMP with flag 1). libvirt marks the domain as tainted. */
  async qemuMonitorCommand(command: string, flags = 0, options?: CallOptions): Promise<string> {
    const args = { dom: this.dom, cmd: command, flags };
    return (await this.rpc.call(qemu.DOMAIN_MONITOR_COMMAND, args, options)).result;
  }

  /** How long libvirt waits for the guest agent in every other call. */
  async agentSetResponseTimeout(
    timeoutSeconds: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, timeout: timeoutSeconds, flags };
    await this.rpc.call(g.DOMAIN_AGENT_SET_RESPONSE_TIMEOUT, args, options);
  }

  /** `types` is GuestInfoTypes, 0 for all that the agent has. */
  async getGuestInfo(types = 0, flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, types, flags };
    return (await this.rpc.call(g.DOMAIN_GET_GUEST_INFO, args, options)).params;
  }

  /** `source` is InterfaceAddressesSource: 0 leases, 1 guest agent, 2 ARP table. */
  async interfaceAddresses(
    source = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainInterface[]> {
    const args = { dom: this.dom, source, flags };
    return (await this.rpc.call(g.DOMAIN_INTERFACE_ADDRESSES, args, options)).ifaces;
  }

  async getHostname(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(g.DOMAIN_GET_HOSTNAME, { dom: this.dom, flags }, options)).hostname;
  }

  blockStats(path: string, options?: CallOptions): Promise<BlockStats> {
    return this.rpc.call(g.DOMAIN_BLOCK_STATS, { dom: this.dom, path }, options);
  }

  interfaceStats(device: string, options?: CallOptions): Promise<InterfaceStats> {
    return this.rpc.call(g.DOMAIN_INTERFACE_STATS, { dom: this.dom, device }, options);
  }

  /** Values by MemoryStatTag, most in KiB. */
  async memoryStats(flags = 0, options?: CallOptions): Promise<Map<number, number>> {
    const args = { dom: this.dom, maxStats: 64, flags };
    const { stats } = await this.rpc.call(g.DOMAIN_MEMORY_STATS, args, options);
    return new Map(stats.map(({ tag, val }) => [tag, val]));
  }

  async getFSInfo(flags = 0, options?: CallOptions): Promise<FSInfo[]> {
    return (await this.rpc.call(g.DOMAIN_GET_FSINFO, { dom: this.dom, flags }, options)).info;
  }

  async fsTrim(
    mountPoint: string | null = null,
    minimum = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(g.DOMAIN_FSTRIM, { dom: this.dom, mountPoint, minimum, flags }, options);
  }

  /** Returns how many file systems were frozen; none named means all. */
  async fsFreeze(mountPoints: string[] = [], flags = 0, options?: CallOptions): Promise<number> {
    const args = { dom: this.dom, mountPoints, flags };
    return (await this.rpc.call(g.DOMAIN_FSFREEZE, args, options)).filesystems;
  }

  async fsThaw(mountPoints: string[] = [], flags = 0, options?: CallOptions): Promise<number> {
    const args = { dom: this.dom, mountPoints, flags };
    return (await this.rpc.call(g.DOMAIN_FSTHAW, args, options)).filesystems;
  }

  getTime(flags = 0, options?: CallOptions): Promise<{ seconds: number; nseconds: number }> {
    return this.rpc.call(g.DOMAIN_GET_TIME, { dom: this.dom, flags }, options);
  }

  async setTime(seconds: number, nseconds = 0, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(g.DOMAIN_SET_TIME, { dom: this.dom, seconds, nseconds, flags }, options);
  }

  async setUserPassword(
    user: string,
    password: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, user, password, flags };
    await this.rpc.call(g.DOMAIN_SET_USER_PASSWORD, args, options);
  }

  async authorizedSSHKeysGet(user: string, flags = 0, options?: CallOptions): Promise<string[]> {
    const args = { dom: this.dom, user, flags };
    return (await this.rpc.call(g.DOMAIN_AUTHORIZED_SSH_KEYS_GET, args, options)).keys;
  }

  async authorizedSSHKeysSet(
    user: string,
    keys: string[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, user, keys, flags };
    await this.rpc.call(g.DOMAIN_AUTHORIZED_SSH_KEYS_SET, args, options);
  }

  /** Turns CPUs of the guest on or off by its agent; `cpumap` is a list such as `0-2,5`. */
  async setGuestVcpus(
    cpumap: string,
    state: boolean,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, cpumap, state, flags };
    await this.rpc.call(g.DOMAIN_SET_GUEST_VCPUS, args, options);
  }
}
