import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { RpcStream } from '../connection/rpc-stream.ts';
import type { StorageVolHandle } from '../wire/handles.ts';
import { storage as p } from '../wire/procedures/storage.ts';
import { pump, type UploadSource } from './upload.ts';

/** virStorageVolInfo: sizes in bytes, `type` is StorageVolType. */
export interface StorageVolInfo {
  readonly type: number;
  readonly capacity: number;
  readonly allocation: number;
}

export interface TransferOptions extends CallOptions {
  /** The first byte of the volume, 0 unless said. */
  readonly offset?: number | undefined;
  /** How many bytes; 0 or nothing means all. */
  readonly length?: number | undefined;
  /** Runs of zeros travel as holes and stay holes. */
  readonly sparse?: boolean | undefined;
}

export interface UploadOptions extends TransferOptions {
  /** Bytes handed to the daemon so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

const SPARSE_STREAM = 1;

export class StorageVolume {
  readonly name: string;
  /** libvirt's own identification: the path, for files. */
  readonly key: string;
  /** The name of the pool. */
  readonly pool: string;
  readonly #rpc: Rpc;

  constructor(rpc: Rpc, { pool, name, key }: StorageVolHandle) {
    this.#rpc = rpc;
    this.pool = pool;
    this.name = name;
    this.key = key;
  }

  get #vol(): StorageVolHandle {
    return { pool: this.pool, name: this.name, key: this.key };
  }

  /**
   * With flag StorageVolInfoFlags.GET_PHYSICAL `allocation` is the size of the file. Since libvirt
   * 0.4.1.
   */
  getInfo(flags = 0, options?: CallOptions): Promise<StorageVolInfo> {
    if (flags === 0) return this.#rpc.call(p.STORAGE_VOL_GET_INFO, { vol: this.#vol }, options);
    return this.#rpc.call(p.STORAGE_VOL_GET_INFO_FLAGS, { vol: this.#vol, flags }, options);
  }

  /** Where it lies on the host. Since libvirt 0.4.1. */
  async getPath(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(p.STORAGE_VOL_GET_PATH, { vol: this.#vol }, options)).path;
  }

  /** Its description. Since libvirt 0.4.1. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { vol: this.#vol, flags };
    return (await this.#rpc.call(p.STORAGE_VOL_GET_XML_DESC, args, options)).xml;
  }

  /** Deletes it with its bytes; see StorageVolDeleteFlags. Since libvirt 0.4.1. */
  async delete(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_VOL_DELETE, { vol: this.#vol, flags }, options);
  }

  /** Overwrites it with zeros. Since libvirt 0.8.0. */
  async wipe(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_VOL_WIPE, { vol: this.#vol, flags }, options);
  }

  /** `algorithm` is StorageVolWipeAlgorithm. Since libvirt 0.9.10. */
  async wipePattern(algorithm: number, flags = 0, options?: CallOptions): Promise<void> {
    const args = { vol: this.#vol, algorithm, flags };
    await this.#rpc.call(p.STORAGE_VOL_WIPE_PATTERN, args, options);
  }

  /** `capacity` in bytes; see StorageVolResizeFlags. Since libvirt 0.9.10. */
  async resize(capacity: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.STORAGE_VOL_RESIZE, { vol: this.#vol, capacity, flags }, options);
  }

  /**
   * Writes bytes into the volume and waits until the daemon has them all. When the source fails or
   * the signal aborts, so does the transfer; what was written stays. Returns how many bytes it was.
   * Since libvirt 0.9.0.
   */
  async upload(source: UploadSource, options: UploadOptions = {}): Promise<number> {
    const stream = await this.#openTransfer(p.STORAGE_VOL_UPLOAD, options);
    return pump(source, stream, {
      sparse: options.sparse ?? false,
      signal: options.signal,
      onProgress: options.onProgress,
    });
  }

  /**
   * The volume's bytes, to be iterated; leaving the loop early ends the transfer. Since libvirt
   * 0.9.0.
   */
  download(options: TransferOptions = {}): Promise<RpcStream> {
    return this.#openTransfer(p.STORAGE_VOL_DOWNLOAD, options);
  }

  async #openTransfer(
    procedure: typeof p.STORAGE_VOL_UPLOAD,
    { offset = 0, length = 0, sparse = false, ...call }: TransferOptions,
  ): Promise<RpcStream> {
    const args = { vol: this.#vol, offset, length, flags: sparse ? SPARSE_STREAM : 0 };
    return (await this.#rpc.open(procedure, args, call)).stream;
  }
}
