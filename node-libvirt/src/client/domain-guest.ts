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

/**
 * What libvirt asks of the guest for us, mostly by its agent; for the agent itself see
 * `Domain.agent`.
 */
export abstract class DomainGuest extends DomainStatistics {
  /** How long libvirt waits for the guest agent in every other call. Since libvirt 5.10.0. */
  async agentSetResponseTimeout(
    timeoutSeconds: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, timeout: timeoutSeconds, flags };
    await this.rpc.call(g.DOMAIN_AGENT_SET_RESPONSE_TIMEOUT, args, options);
  }

  /** `types` is GuestInfoTypes, 0 for all that the agent has. Since libvirt 5.7.0. */
  async getGuestInfo(types = 0, flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, types, flags };
    return (await this.rpc.call(g.DOMAIN_GET_GUEST_INFO, args, options)).params;
  }

  /**
   * `source` is InterfaceAddressesSource: 0 leases, 1 guest agent, 2 ARP table. Since libvirt
   * 1.2.14.
   */
  async interfaceAddresses(
    source = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainInterface[]> {
    const args = { dom: this.dom, source, flags };
    return (await this.rpc.call(g.DOMAIN_INTERFACE_ADDRESSES, args, options)).ifaces;
  }

  /**
   * The guest's host name, by its leases or its agent; see DomainGetHostnameFlags. Since libvirt
   * 0.10.0.
   */
  async getHostname(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(g.DOMAIN_GET_HOSTNAME, { dom: this.dom, flags }, options)).hostname;
  }

  /** The guest's mounted file systems, by its agent. Since libvirt 1.2.11. */
  async getFSInfo(flags = 0, options?: CallOptions): Promise<FSInfo[]> {
    return (await this.rpc.call(g.DOMAIN_GET_FSINFO, { dom: this.dom, flags }, options)).info;
  }

  /**
   * Gives unused blocks of runs of at least `minimum` bytes back; null for all file systems. Since
   * libvirt 1.0.1.
   */
  async fsTrim(
    mountPoint: string | null = null,
    minimum = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(g.DOMAIN_FSTRIM, { dom: this.dom, mountPoint, minimum, flags }, options);
  }

  /** Returns how many file systems were frozen; none named means all. Since libvirt 1.2.5. */
  async fsFreeze(mountPoints: string[] = [], flags = 0, options?: CallOptions): Promise<number> {
    const args = { dom: this.dom, mountPoints, flags };
    return (await this.rpc.call(g.DOMAIN_FSFREEZE, args, options)).filesystems;
  }

  /** Lets writes go on. Returns how many file systems were frozen. Since libvirt 1.2.5. */
  async fsThaw(mountPoints: string[] = [], flags = 0, options?: CallOptions): Promise<number> {
    const args = { dom: this.dom, mountPoints, flags };
    return (await this.rpc.call(g.DOMAIN_FSTHAW, args, options)).filesystems;
  }

  /** The guest's clock: seconds since 1970, and nanoseconds. Since libvirt 1.2.5. */
  getTime(flags = 0, options?: CallOptions): Promise<{ seconds: number; nseconds: number }> {
    return this.rpc.call(g.DOMAIN_GET_TIME, { dom: this.dom, flags }, options);
  }

  /** Sets the guest's clock; see DomainSetTimeFlags. Since libvirt 1.2.5. */
  async setTime(seconds: number, nseconds = 0, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(g.DOMAIN_SET_TIME, { dom: this.dom, seconds, nseconds, flags }, options);
  }

  /** Sets a password by the agent; see DomainSetUserPasswordFlags. Since libvirt 1.2.16. */
  async setUserPassword(
    user: string,
    password: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, user, password, flags };
    await this.rpc.call(g.DOMAIN_SET_USER_PASSWORD, args, options);
  }

  /** The public keys that may log in as `user`. Since libvirt 6.10.0. */
  async authorizedSSHKeysGet(user: string, flags = 0, options?: CallOptions): Promise<string[]> {
    const args = { dom: this.dom, user, flags };
    return (await this.rpc.call(g.DOMAIN_AUTHORIZED_SSH_KEYS_GET, args, options)).keys;
  }

  /** Replaces those keys; see AuthorizedSSHKeysSetFlags. Since libvirt 6.10.0. */
  async authorizedSSHKeysSet(
    user: string,
    keys: string[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, user, keys, flags };
    await this.rpc.call(g.DOMAIN_AUTHORIZED_SSH_KEYS_SET, args, options);
  }

  /**
   * Turns CPUs of the guest on or off by its agent; `cpumap` is a list such as `0-2,5`. Since
   * libvirt 2.0.0.
   */
  async setGuestVcpus(
    cpumap: string,
    state: boolean,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, cpumap, state, flags };
    await this.rpc.call(g.DOMAIN_SET_GUEST_VCPUS, args, options);
  }

  /**
   * The guest's own view of its CPUs: `vcpus`, `online`, `offlinable` as lists like `0-2,5`. Since
   * libvirt 2.0.0.
   */
  async getGuestVcpus(flags = 0, options?: CallOptions): Promise<TypedValues> {
    const args = { dom: this.dom, flags };
    return (await this.rpc.call(g.DOMAIN_GET_GUEST_VCPUS, args, options)).params;
  }
}
