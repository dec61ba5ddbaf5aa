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

  /** Starts a defined pool; see StoragePoolCreateFlags. */
  async create(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_CREATE, { pool: this.#pool, flags }, options);
  }

  /** Makes what the pool lies in, such as its directory. */
  async build(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_BUILD, { pool: this.#pool, flags }, options);
  }

  /** Stops the pool; its content stays. */
  async destroy(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_DESTROY, { pool: this.#pool }, options);
  }

  /** Removes what the pool lies in; it must be stopped and, for a directory, empty. */
  async delete(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_DELETE, { pool: this.#pool, flags }, options);
  }

  async undefine(options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_UNDEFINE, { pool: this.#pool }, options);
  }

  async refresh(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_REFRESH, { pool: this.#pool, flags }, options);
  }

  getInfo(options?: CallOptions): Promise<StoragePoolInfo> {
    return this.#rpc.call(p.STORAGE_POOL_GET_INFO, { pool: this.#pool }, options);
  }

  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { pool: this.#pool, flags };
    return (await this.#rpc.call(p.STORAGE_POOL_GET_XML_DESC, args, options)).xml;
  }

  async isActive(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(p.STORAGE_POOL_IS_ACTIVE, { pool: this.#pool }, options)).active;
  }

  async isPersistent(options?: CallOptions): Promise<boolean> {
    const args = { pool: this.#pool };
    return (await this.#rpc.call(p.STORAGE_POOL_IS_PERSISTENT, args, options)).persistent;
  }

  async getAutostart(options?: CallOptions): Promise<boolean> {
    const args = { pool: this.#pool };
    return (await this.#rpc.call(p.STORAGE_POOL_GET_AUTOSTART, args, options)).autostart;
  }

  async setAutostart(autostart: boolean, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_POOL_SET_AUTOSTART, { pool: this.#pool, autostart }, options);
  }

  async listAllVolumes(flags = 0, options?: CallOptions): Promise<StorageVolume[]> {
    const args = { pool: this.#pool, needResults: true, flags };
    const { vols } = await this.#rpc.call(p.STORAGE_POOL_LIST_ALL_VOLUMES, args, options);
    return vols.map((handle) => new StorageVolume(this.#rpc, handle));
  }

  /** See StorageVolCreateFlags. */
  async createVolXML(xml: string, flags = 0, options?: CallOptions): Promise<StorageVolume> {
    const args = { pool: this.#pool, xml, flags };
    const { vol } = await this.#rpc.call(p.STORAGE_VOL_CREATE_XML, args, options);
    return new StorageVolume(this.#rpc, vol);
  }

  /** A new volume with the content of another one, which may be in another pool. */
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

  /** @throws LibvirtError `isNoStorageVol`. */
  async volLookupByName(name: string, options?: CallOptions): Promise<StorageVolume> {
    const args = { pool: this.#pool, name };
    const { vol } = await this.#rpc.call(p.STORAGE_VOL_LOOKUP_BY_NAME, args, options);
    return new StorageVolume(this.#rpc, vol);
  }
}
