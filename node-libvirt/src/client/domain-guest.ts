import type { CallOptions } from '../connection/call-options.ts';
import { domainGuest as g } from '../wire/procedures/domain-guest.ts';
import type { TypedValues } from '../xdr/index.ts';
import { DomainStatistics } from './domain-stats.ts';

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

export interface FSInfo {
  readonly mountpoint: string;
  readonly name: string;
  readonly fstype: string;
  readonly devAliases: readonly string[];
}

/** What libvirt asks of the guest for us, mostly by its agent; for the agent itself see `Domain.agent`. */
export abstract class DomainGuest extends DomainStatistics {
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

  /** The guest's own view of its CPUs: `vcpus`, `online`, `offlinable` as lists like `0-2,5`. Since libvirt 2.0.0. */
  async getGuestVcpus(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, flags };
    return (await this.rpc.call(g.DOMAIN_GET_GUEST_VCPUS, args, options)).params;
  }
}
