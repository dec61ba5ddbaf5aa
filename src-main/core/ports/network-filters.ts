import type { CallOptions } from './call-options.ts';

export interface NwFilterFacts {
  name: string;
  uuid: string;
  /** As libvirt has it. */
  xml: string;
}

/** A filter in force on one interface of the host. */
export interface NwFilterBindingFacts {
  device: string;
  filter: string;
  /** Domain that the interface belongs to. */
  ownerUuid: string | null;
}

/** libvirt's network filters. Only the system's daemon has them: a session's rejects with `unsupported`. */
export interface NetworkFilters {
  listNwFilters(options?: CallOptions): Promise<{ name: string; uuid: string }[]>;
  findNwFilter(name: string, options?: CallOptions): Promise<NwFilterFacts | null>;
  /**
   * Stores a filter, or replaces the one of the same name and UUID; running machines have the new rules when it
   * resolves. Rejects with `filter_exists` when the name belongs to another UUID or the UUID to another name.
   */
  defineNwFilter(xml: string, options?: CallOptions): Promise<{ name: string; uuid: string }>;
  /** Succeeds when it is gone. Rejects with `filter_in_use` while a running machine is under it, by itself or by reference. */
  undefineNwFilter(name: string, options?: CallOptions): Promise<void>;
  listNwFilterBindings(options?: CallOptions): Promise<NwFilterBindingFacts[]>;
  /**
   * Puts all interfaces of a domain on a network or bridge under a filter (null = none), in its definition and,
   * when it runs, at once.
   */
  setDomainFilter(uuid: string, filter: string | null, options?: CallOptions): Promise<void>;
  /** All interfaces in a domain's definition. Filters are enforced on those of the kinds `network` and `bridge` alone. */
  domainInterfaces(
    uuid: string,
    options?: CallOptions,
  ): Promise<{ kind: string; source: string | null; filter: string | null }[]>;
}

export interface NetworkDefinition {
  name: string;
  uuid: string;
  active: boolean;
  xml: string;
}

/** Virtual networks that are made and removed; what lists and starts them is in Hypervisor itself. */
export interface NetworkMaking {
  findNetwork(name: string, options?: CallOptions): Promise<NetworkDefinition | null>;
  /** IP networks that libvirt's networks have, as `address/prefix`. */
  listNetworkSubnets(options?: CallOptions): Promise<string[]>;
  /** Defines, autostarts and starts a network. Rejects with `network_exists`. */
  createNetwork(xml: string, options?: CallOptions): Promise<{ name: string; uuid: string }>;
  /** Stops and undefines it. Succeeds when it is gone. */
  removeNetwork(name: string, options?: CallOptions): Promise<void>;
}
