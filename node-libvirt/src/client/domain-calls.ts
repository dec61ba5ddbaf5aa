import type { CallOptions } from '../connection/call-options.ts';
import type { DomainHandle } from '../wire/handles.ts';
import { domain as p } from '../wire/procedures/domain.ts';
import { domainGuest } from '../wire/procedures/domain-guest.ts';
import type { TypedParameter, TypedValues } from '../xdr/index.ts';
import { Domain } from './domain.ts';
import { HostCalls } from './host-calls.ts';

/** Statistics of one domain, under libvirt's names such as `state.state` and `vcpu.current`. */
export interface DomainStats {
  readonly domain: Domain;
  readonly params: TypedValues;
}

/** Domains of a connection. */
export abstract class DomainCalls extends HostCalls {
  /** See ListAllDomainsFlags; 0 lists all. Since libvirt 0.9.13. */
  async listAllDomains(flags = 0, options?: CallOptions): Promise<Domain[]> {
    const args = { needResults: true, flags };
    const { domains } = await this.rpc.call(p.CONNECT_LIST_ALL_DOMAINS, args, options);
    return domains.map((handle) => this.#domain(handle));
  }

  /**
   * Since libvirt 0.0.3.
   *
   * @throws LibvirtError `isNoDomain`.
   */
  async domainLookupByName(name: string, options?: CallOptions): Promise<Domain> {
    return this.#domain((await this.rpc.call(p.DOMAIN_LOOKUP_BY_NAME, { name }, options)).dom);
  }

  /**
   * Since libvirt 0.0.5.
   *
   * @throws LibvirtError `isNoDomain`.
   */
  async domainLookupByUUID(uuid: string, options?: CallOptions): Promise<Domain> {
    return this.#domain((await this.rpc.call(p.DOMAIN_LOOKUP_BY_UUID, { uuid }, options)).dom);
  }

  /**
   * Since libvirt 0.0.3.
   *
   * @throws LibvirtError `isNoDomain`.
   */
  async domainLookupByID(id: number, options?: CallOptions): Promise<Domain> {
    return this.#domain((await this.rpc.call(p.DOMAIN_LOOKUP_BY_ID, { id }, options)).dom);
  }

  /**
   * Stores or replaces a definition (virDomainDefineXMLFlags); flag 1 checks the XML's schema.
   * Since libvirt 1.2.12.
   */
  async domainDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<Domain> {
    const args = { xml, flags };
    return this.#domain((await this.rpc.call(p.DOMAIN_DEFINE_XML_FLAGS, args, options)).dom);
  }

  /** Starts a transient domain; see DomainCreateFlags. Since libvirt 0.5.0. */
  async domainCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<Domain> {
    const args = { xml, flags };
    return this.#domain((await this.rpc.call(p.DOMAIN_CREATE_XML, args, options)).dom);
  }

  /** Starts a domain from a file that `saveFlags` wrote. Since libvirt 0.9.4. */
  async domainRestoreFlags(
    from: string,
    dxml: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(p.DOMAIN_RESTORE_FLAGS, { from, dxml, flags }, options);
  }

  /** As {@link domainRestoreFlags}, by the parameters `file` and `dxml`. Since libvirt 8.4.0. */
  async domainRestoreParams(
    params: TypedParameter[],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(p.DOMAIN_RESTORE_PARAMS, { params, flags }, options);
  }

  /** The definition kept in a file that `saveFlags` wrote. Since libvirt 0.9.4. */
  async domainSaveImageGetXMLDesc(file: string, flags = 0, options?: CallOptions): Promise<string> {
    const args = { file, flags };
    return (await this.rpc.call(p.DOMAIN_SAVE_IMAGE_GET_XML_DESC, args, options)).xml;
  }

  /** Replaces that definition; only what the guest cannot see may differ. Since libvirt 0.9.4. */
  async domainSaveImageDefineXML(
    file: string,
    dxml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    await this.rpc.call(p.DOMAIN_SAVE_IMAGE_DEFINE_XML, { file, dxml, flags }, options);
  }

  /**
   * `stats` is DomainStatsTypes, 0 for all; no domains means every one. One call for all. Since
   * libvirt 1.2.8.
   */
  async getAllDomainStats(
    domains: readonly Domain[] = [],
    stats = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainStats[]> {
    const doms = domains.map(({ name, uuid, id }) => ({ name, uuid, id }));
    // The highest flag is bit 31, which makes a combination negative in JavaScript.
    const args = { doms, stats, flags: flags >>> 0 };
    const procedure = domainGuest.CONNECT_GET_ALL_DOMAIN_STATS;
    const { records } = await this.rpc.call(procedure, args, options);
    return records.map(({ dom, params }) => ({ domain: this.#domain(dom), params }));
  }

  #domain(handle: DomainHandle): Domain {
    return new Domain(this.rpc, handle);
  }
}
