import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { StoragePoolHandle } from '../wire/handles.ts';
import { storage as p } from '../wire/procedures/storage.ts';
import { StorageVolume } from './storage-volume.ts';

/** virStoragePoolInfo: sizes in bytes, `state` is StoragePoolState. */
export interface StoragePoolInfo {
  readonly state: number;
  readonly capacity: number;
  readonly allocation: number;
  readonly available: number;
}

export class StoragePool {
  readonly name: string;
  readonly uuid: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { name, uuid }: StoragePoolHandle) {
    this.#rpc = rpc;
    this.name = name;
    this.uuid = uuid;
  }

  get #pool(): StoragePoolHandle {
    return { name: this.name, uuid: this.uuid };
  }

  /** Starts a defined pool; see StoragePoolCreateFlags. Since libvirt 0.4.1. */
  async create(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_CREATE, { pool: this.#pool, flags }, options);
  }

  /** Makes what the pool lies in, such as its directory. Since libvirt 0.4.1. */
  async build(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_BUILD, { pool: this.#pool, flags }, options);
  }

  /** Stops the pool; its content stays. Since libvirt 0.4.1. */
  async destroy(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_DESTROY, { pool: this.#pool }, options);
  }

  /**
   * Removes what the pool lies in; it must be stopped and, for a directory, empty. Since libvirt
   * 0.4.1.
   */
  async delete(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_DELETE, { pool: this.#pool, flags }, options);
  }

  /** Forgets its definition; it must be stopped. What it holds stays. Since libvirt 0.4.1. */
  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_UNDEFINE, { pool: this.#pool }, options);
  }

  /** Looks again which volumes there are. Since libvirt 0.4.1. */
  async refresh(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_REFRESH, { pool: this.#pool, flags }, options);
  }

  /** Its state and sizes in bytes. Since libvirt 0.4.1. */
  getInfo(options?: CallOptions): Promise<StoragePoolInfo> {
    return this.#rpc.call(p.STORAGE_POOL_GET_INFO, { pool: this.#pool }, options);
  }

  /** Its definition; see StorageXMLFlags. Since libvirt 0.4.1. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { pool: this.#pool, flags };
    return (await this.#rpc.call(p.STORAGE_POOL_GET_XML_DESC, args, options)).xml;
  }

  /** Whether it runs. Since libvirt 0.7.3. */
  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.STORAGE_POOL_IS_ACTIVE, { pool: this.#pool }, options)).active;
  }

  /** Whether it has a stored definition. Since libvirt 0.7.3. */
  async isPersistent(options?: CallOptions): Promise<boolean> {
    const args = { pool: this.#pool };
    return (await this.#rpc.call(p.STORAGE_POOL_IS_PERSISTENT, args, options)).persistent;
  }

  /** Whether it is started with the host. Since libvirt 0.4.1. */
  async getAutostart(options?: CallOptions): Promise<boolean> {
    const args = { pool: this.#pool };
    return (await this.#rpc.call(p.STORAGE_POOL_GET_AUTOSTART, args, options)).autostart;
  }

  /** Has it started with the host, or not. Since libvirt 0.4.1. */
  async setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_SET_AUTOSTART, { pool: this.#pool, autostart }, options);
  }

  /**
   * Its volumes. Since libvirt 0.10.2.
   *
   * @throws LibvirtError `isOperationInvalid` when it is stopped.
   */
  async listAllVolumes(flags = 0, options?: CallOptions): Promise<StorageVolume[]> {
    const args = { pool: this.#pool, needResults: true, flags };
    const { vols } = await this.#rpc.call(p.STORAGE_POOL_LIST_ALL_VOLUMES, args, options);
    return vols.map((handle) => new StorageVolume(this.#rpc, handle));
  }

  /** See StorageVolCreateFlags. Since libvirt 0.4.1. */
  async createVolXML(xml: string, flags = 0, options?: CallOptions): Promise<StorageVolume> {
    const args = { pool: this.#pool, xml, flags };
    const { vol } = await this.#rpc.call(p.STORAGE_VOL_CREATE_XML, args, options);
    return new StorageVolume(this.#rpc, vol);
  }

  /**
   * A new volume with the content of another one, which may be in another pool. Since libvirt
   * 0.6.4.
   */
  async createVolXMLFrom(
    xml: string,
    source: StorageVolume,
    flags = 0,
    options?: CallOptions,
  ): Promise<StorageVolume> {
    const cloneVol = { pool: source.pool, name: source.name, key: source.key };
    const args = { pool: this.#pool, xml, cloneVol, flags };
    const { vol } = await this.#rpc.call(p.STORAGE_VOL_CREATE_XML_FROM, args, options);
    return new StorageVolume(this.#rpc, vol);
  }

  /**
   * Since libvirt 0.4.1.
   *
   * @throws LibvirtError `isNoStorageVol`.
   */
  async volLookupByName(name: string, options?: CallOptions): Promise<StorageVolume> {
    const args = { pool: this.#pool, name };
    const { vol } = await this.#rpc.call(p.STORAGE_VOL_LOOKUP_BY_NAME, args, options);
    return new StorageVolume(this.#rpc, vol);
  }
}
