import type { CallOptions } from '../connection/call-options.ts';
import { storage as p } from '../wire/procedures/storage.ts';
import { DomainCalls } from './domain-calls.ts';
import { StoragePool } from './storage-pool.ts';
import { StorageVolume } from './storage-volume.ts';

/** Storage pools and volumes of a connection. */
export abstract class StorageCalls extends DomainCalls {
  /** See ListAllStoragePoolsFlags; 0 lists all. Since libvirt 0.10.2. */
  async listAllStoragePools(flags = 0, options?: CallOptions): Promise<StoragePool[]> {
    const args = { needResults: true, flags };
    const { pools } = await this.rpc.call(p.CONNECT_LIST_ALL_STORAGE_POOLS, args, options);
    return pools.map((handle) => new StoragePool(this.rpc, handle));
  }

  /**
   * Since libvirt 0.4.1.
   *
   * @throws LibvirtError `isNoStoragePool`.
   */
  async storagePoolLookupByName(name: string, options?: CallOptions): Promise<StoragePool> {
    const { pool } = await this.rpc.call(p.STORAGE_POOL_LOOKUP_BY_NAME, { name }, options);
    return new StoragePool(this.rpc, pool);
  }

  /**
   * Since libvirt 0.4.1.
   *
   * @throws LibvirtError `isNoStoragePool`.
   */
  async storagePoolLookupByUUID(uuid: string, options?: CallOptions): Promise<StoragePool> {
    const { pool } = await this.rpc.call(p.STORAGE_POOL_LOOKUP_BY_UUID, { uuid }, options);
    return new StoragePool(this.rpc, pool);
  }

  /**
   * Since libvirt 4.1.0.
   *
   * @throws LibvirtError `isNoStoragePool`.
   */
  async storagePoolLookupByTargetPath(path: string, options?: CallOptions): Promise<StoragePool> {
    const { pool } = await this.rpc.call(p.STORAGE_POOL_LOOKUP_BY_TARGET_PATH, { path }, options);
    return new StoragePool(this.rpc, pool);
  }

  /** The pool that a volume lies in. Since libvirt 0.4.1. */
  async storagePoolLookupByVolume(
    { pool, name, key }: StorageVolume,
    options?: CallOptions,
  ): Promise<StoragePool> {
    const args = { vol: { pool, name, key } };
    const found = await this.rpc.call(p.STORAGE_POOL_LOOKUP_BY_VOLUME, args, options);
    return new StoragePool(this.rpc, found.pool);
  }

  /** Stores a definition; it is not started. Since libvirt 0.4.1. */
  async storagePoolDefineXML(xml: string, flags = 0, options?: CallOptions): Promise<StoragePool> {
    const { pool } = await this.rpc.call(p.STORAGE_POOL_DEFINE_XML, { xml, flags }, options);
    return new StoragePool(this.rpc, pool);
  }

  /** Starts a transient pool; see StoragePoolCreateFlags. Since libvirt 0.4.1. */
  async storagePoolCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<StoragePool> {
    const { pool } = await this.rpc.call(p.STORAGE_POOL_CREATE_XML, { xml, flags }, options);
    return new StoragePool(this.rpc, pool);
  }

  /**
   * Since libvirt 0.4.1.
   *
   * @throws LibvirtError `isNoStorageVol`.
   */
  async storageVolLookupByPath(path: string, options?: CallOptions): Promise<StorageVolume> {
    const { vol } = await this.rpc.call(p.STORAGE_VOL_LOOKUP_BY_PATH, { path }, options);
    return new StorageVolume(this.rpc, vol);
  }

  /**
   * Since libvirt 0.4.1.
   *
   * @throws LibvirtError `isNoStorageVol`.
   */
  async storageVolLookupByKey(key: string, options?: CallOptions): Promise<StorageVolume> {
    const { vol } = await this.rpc.call(p.STORAGE_VOL_LOOKUP_BY_KEY, { key }, options);
    return new StorageVolume(this.rpc, vol);
  }

  /**
   * What pools of a type could be made of, as XML; `srcSpec` narrows it down. Since libvirt 0.4.5.
   */
  async findStoragePoolSources(
    type: string,
    srcSpec: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    const args = { type, srcSpec, flags };
    return (await this.rpc.call(p.CONNECT_FIND_STORAGE_POOL_SOURCES, args, options)).xml;
  }
}
