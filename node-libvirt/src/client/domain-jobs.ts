import type { CallOptions } from '../connection/call-options.ts';
import { domainJobs as p } from '../wire/procedures/domain-jobs.ts';
import type { TypedParameter, TypedValues } from '../xdr/index.ts';
import { DomainCPUs } from './domain-cpus.ts';
import { DomainCheckpoint, DomainSnapshot } from './domain-snapshot.ts';

/** virDomainBlockJobInfo; `bandwidth` in MiB/s unless bytes were asked for. */
export interface BlockJobInfo {
  readonly type: number;
  readonly bandwidth: number;
  readonly cur: number;
  readonly end: number;
}

/** Sizes in bytes. */
export interface BlockInfo {
  readonly allocation: number;
  readonly capacity: number;
  readonly physical: number;
}

/** Block jobs, backups, snapshots and checkpoints. */
export abstract class DomainJobs extends DomainCPUs {
  /**
   * Gives up the job that runs. Since libvirt 0.7.7.
   *
   * @throws LibvirtError `isOperationInvalid` when none does.
   */
  async abortJob(options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_ABORT_JOB, { dom: this.dom }, options);
  }

  /**
   * As {@link abortJob}; flag 1 aborts a migration that is in its post-copy phase. Since libvirt
   * 8.5.0.
   */
  async abortJobFlags(flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_ABORT_JOB_FLAGS, { dom: this.dom, flags }, options);
  }

  /** `type` is DomainJobType. Since libvirt 1.0.3. */
  getJobStats(flags = 0, options?: CallOptions): Promise<{ type: number; params: TypedValues }> {
    return this.rpc.call(p.DOMAIN_GET_JOB_STATS, { dom: this.dom, flags }, options);
  }

  /** How large a disk is, and how much of it is used, in bytes. Since libvirt 0.8.1. */
  getBlockInfo(path: string, flags = 0, options?: CallOptions): Promise<BlockInfo> {
    return this.rpc.call(p.DOMAIN_GET_BLOCK_INFO, { dom: this.dom, path, flags }, options);
  }

  /** `size` in KiB, or in bytes with DomainBlockResizeFlags.BYTES. Since libvirt 0.9.8. */
  async blockResize(disk: string, size: number, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_BLOCK_RESIZE, { dom: this.dom, disk, size, flags }, options);
  }

  /** Ends the job on a disk, or moves to its copy; see BlockJobAbortFlags. Since libvirt 0.9.4. */
  async blockJobAbort(path: string, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_BLOCK_JOB_ABORT, { dom: this.dom, path, flags }, options);
  }

  /** Null when no job runs on that disk. Since libvirt 0.9.4. */
  async getBlockJobInfo(
    path: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<BlockJobInfo | null> {
    const args = { dom: this.dom, path, flags };
    const { found, ...info } = await this.rpc.call(p.DOMAIN_GET_BLOCK_JOB_INFO, args, options);
    return found ? info : null;
  }

  /** Limits a job to `bandwidth` MiB/s (bytes with flag 1); 0 is no limit. Since libvirt 0.9.4. */
  async blockJobSetSpeed(
    path: string,
    bandwidth: number,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, path, bandwidth, flags };
    await this.rpc.call(p.DOMAIN_BLOCK_JOB_SET_SPEED, args, options);
  }

  /**
   * Copies all that lies under a disk into it; `bandwidth` in MiB/s, 0 is no limit. Since libvirt
   * 0.9.4.
   */
  async blockPull(path: string, bandwidth = 0, flags = 0, options?: CallOptions): Promise<void> {
    await this.rpc.call(p.DOMAIN_BLOCK_PULL, { dom: this.dom, path, bandwidth, flags }, options);
  }

  /**
   * Writes `top` (null: the disk) down into `base` (null: the lowest); `bandwidth` in MiB/s. See
   * BlockCommitFlags. Since libvirt 0.10.2.
   */
  async blockCommit(
    disk: string,
    base: string | null = null,
    top: string | null = null,
    bandwidth = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, disk, base, top, bandwidth, flags };
    await this.rpc.call(p.DOMAIN_BLOCK_COMMIT, args, options);
  }

  /**
   * Mirrors a disk to what `destXml` describes until the job is aborted or pivoted; see
   * BlockCopyFlags. Since libvirt 1.2.8.
   */
  async blockCopy(
    path: string,
    destXml: string,
    params: TypedParameter[] = [],
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, path, destXml, params, flags };
    await this.rpc.call(p.DOMAIN_BLOCK_COPY, args, options);
  }

  /**
   * Copies what lies between the disk and `base` into the disk, as {@link blockPull} but not all the
   * way down; see BlockRebaseFlags. `bandwidth` in MiB/s, 0 for no limit. Since libvirt 0.9.10.
   */
  async blockRebase(
    path: string,
    base: string | null = null,
    bandwidth = 0,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, path, base, bandwidth, flags };
    await this.rpc.call(p.DOMAIN_BLOCK_REBASE, args, options);
  }

  /**
   * Disks that have an I/O error; `error` is 1 for any and 2 for no space. Since libvirt 0.9.10.
   */
  async getDiskErrors(
    flags = 0,
    options?: CallOptions,
  ): Promise<{ disk: string; error: number }[]> {
    const args = { dom: this.dom, maxErrors: 256, flags };
    return (await this.rpc.call(p.DOMAIN_GET_DISK_ERRORS, args, options)).errors;
  }

  /**
   * Begins a backup; the event `job-completed` tells its end. See DomainBackupBeginFlags. Since
   * libvirt 6.0.0.
   */
  async backupBegin(
    xml: string,
    checkpointXml: string | null = null,
    flags = 0,
    options?: CallOptions,
  ): Promise<void> {
    const args = { dom: this.dom, xml, checkpointXml, flags };
    await this.rpc.call(p.DOMAIN_BACKUP_BEGIN, args, options);
  }

  /**
   * The backup that runs. Since libvirt 6.0.0.
   *
   * @throws LibvirtError `isNoDomainBackup` when none does.
   */
  async backupGetXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    return (await this.rpc.call(p.DOMAIN_BACKUP_GET_XML_DESC, { dom: this.dom, flags }, options))
      .xml;
  }

  /** Makes a snapshot; see SnapshotCreateFlags. Since libvirt 0.8.0. */
  async snapshotCreateXML(xml: string, flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const args = { dom: this.dom, xml, flags };
    const { snap } = await this.rpc.call(p.DOMAIN_SNAPSHOT_CREATE_XML, args, options);
    return new DomainSnapshot(this.rpc, snap);
  }

  /** Its snapshots; see SnapshotListFlags, 0 lists all. Since libvirt 0.9.13. */
  async listAllSnapshots(flags = 0, options?: CallOptions): Promise<DomainSnapshot[]> {
    const args = { dom: this.dom, needResults: true, flags };
    const { snapshots } = await this.rpc.call(p.DOMAIN_LIST_ALL_SNAPSHOTS, args, options);
    return snapshots.map((handle) => new DomainSnapshot(this.rpc, handle));
  }

  /**
   * Since libvirt 0.8.0.
   *
   * @throws LibvirtError `isNoDomainSnapshot`.
   */
  async snapshotLookupByName(
    name: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainSnapshot> {
    const args = { dom: this.dom, name, flags };
    const { snap } = await this.rpc.call(p.DOMAIN_SNAPSHOT_LOOKUP_BY_NAME, args, options);
    return new DomainSnapshot(this.rpc, snap);
  }

  /** Whether it was taken from, or reverted to, a snapshot. Since libvirt 0.8.0. */
  async hasCurrentSnapshot(flags = 0, options?: CallOptions): Promise<boolean> {
    const args = { dom: this.dom, flags };
    return (await this.rpc.call(p.DOMAIN_HAS_CURRENT_SNAPSHOT, args, options)).result;
  }

  /**
   * That snapshot. Since libvirt 0.8.0.
   *
   * @throws LibvirtError `isNoDomainSnapshot` when there is none.
   */
  async snapshotCurrent(flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const args = { dom: this.dom, flags };
    const { snap } = await this.rpc.call(p.DOMAIN_SNAPSHOT_CURRENT, args, options);
    return new DomainSnapshot(this.rpc, snap);
  }

  /** Its checkpoints; see CheckpointListFlags, 0 lists all. Since libvirt 5.6.0. */
  async listAllCheckpoints(flags = 0, options?: CallOptions): Promise<DomainCheckpoint[]> {
    const args = { dom: this.dom, needResults: true, flags };
    const { checkpoints } = await this.rpc.call(p.DOMAIN_LIST_ALL_CHECKPOINTS, args, options);
    return checkpoints.map((handle) => new DomainCheckpoint(this.rpc, handle));
  }

  /**
   * Marks a moment from which changes are followed, for incremental backups; see
   * CheckpointCreateFlags. Since libvirt 5.6.0.
   */
  async checkpointCreateXML(
    xml: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainCheckpoint> {
    const args = { dom: this.dom, xml, flags };
    const { checkpoint } = await this.rpc.call(p.DOMAIN_CHECKPOINT_CREATE_XML, args, options);
    return new DomainCheckpoint(this.rpc, checkpoint);
  }

  /**
   * Since libvirt 5.6.0.
   *
   * @throws LibvirtError `isNoDomainCheckpoint`.
   */
  async checkpointLookupByName(
    name: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<DomainCheckpoint> {
    const args = { dom: this.dom, name, flags };
    const { checkpoint } = await this.rpc.call(p.DOMAIN_CHECKPOINT_LOOKUP_BY_NAME, args, options);
    return new DomainCheckpoint(this.rpc, checkpoint);
  }
}
