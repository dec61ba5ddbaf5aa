import type { CallOptions } from '../connection/call-options.ts';
import type { Rpc } from '../connection/rpc.ts';
import type { CheckpointHandle, SnapshotHandle } from '../wire/handles.ts';
import { domainJobs as p } from '../wire/procedures/domain-jobs.ts';

export class DomainSnapshot {
  readonly name: string;
  readonly #rpc: Rpc;
  readonly #snap: SnapshotHandle;

  constructor(rpc: Rpc, handle: SnapshotHandle) {
    this.#rpc = rpc;
    this.#snap = handle;
    this.name = handle.name;
  }

  get domainUUID(): string {
    return this.#snap.domain.uuid;
  }

  /** Its description. Since libvirt 0.8.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { snap: this.#snap, flags };
    return (await this.#rpc.call(p.DOMAIN_SNAPSHOT_GET_XML_DESC, args, options)).xml;
  }

  /**
   * Since libvirt 0.9.7.
   *
   * @throws LibvirtError `isNoDomainSnapshot` for a root.
   */
  async getParent(flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const args = { snap: this.#snap, flags };
    const { snap } = await this.#rpc.call(p.DOMAIN_SNAPSHOT_GET_PARENT, args, options);
    return new DomainSnapshot(this.#rpc, snap);
  }

  /** Those made after it; see SnapshotListFlags. Since libvirt 0.9.13. */
  async listAllChildren(flags = 0, options?: CallOptions): Promise<DomainSnapshot[]> {
    const args = { snap: this.#snap, needResults: true, flags };
    const { snapshots } = await this.#rpc.call(p.DOMAIN_SNAPSHOT_LIST_ALL_CHILDREN, args, options);
    return snapshots.map((handle) => new DomainSnapshot(this.#rpc, handle));
  }

  /** Whether the domain was taken from, or reverted to, this one. Since libvirt 0.9.13. */
  async isCurrent(flags = 0, options?: CallOptions): Promise<boolean> {
    const args = { snap: this.#snap, flags };
    return (await this.#rpc.call(p.DOMAIN_SNAPSHOT_IS_CURRENT, args, options)).current;
  }

  /**
   * Whether libvirt keeps a description of it, beside what the disk image knows. Since libvirt
   * 0.9.13.
   */
  async hasMetadata(flags = 0, options?: CallOptions): Promise<boolean> {
    const args = { snap: this.#snap, flags };
    return (await this.#rpc.call(p.DOMAIN_SNAPSHOT_HAS_METADATA, args, options)).metadata;
  }

  /** virDomainRevertToSnapshot; see DomainSnapshotRevertFlags. Since libvirt 0.8.0. */
  async revert(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.DOMAIN_REVERT_TO_SNAPSHOT, { snap: this.#snap, flags }, options);
  }

  /** See DomainSnapshotDeleteFlags. Since libvirt 0.8.0. */
  async delete(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.DOMAIN_SNAPSHOT_DELETE, { snap: this.#snap, flags }, options);
  }
}

export class DomainCheckpoint {
  readonly name: string;
  readonly #rpc: Rpc;
  readonly #checkpoint: CheckpointHandle;

  constructor(rpc: Rpc, handle: CheckpointHandle) {
    this.#rpc = rpc;
    this.#checkpoint = handle;
    this.name = handle.name;
  }

  /** Its description; see CheckpointXMLFlags. Since libvirt 5.6.0. */
  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { checkpoint: this.#checkpoint, flags };
    return (await this.#rpc.call(p.DOMAIN_CHECKPOINT_GET_XML_DESC, args, options)).xml;
  }

  /** See CheckpointDeleteFlags. Since libvirt 5.6.0. */
  async delete(flags = 0, options?: CallOptions): Promise<void> {
    const args = { checkpoint: this.#checkpoint, flags };
    await this.#rpc.call(p.DOMAIN_CHECKPOINT_DELETE, args, options);
  }

  /** @throws LibvirtError `isNoDomainCheckpoint` for a root. Since libvirt 5.6.0. */
  async getParent(flags = 0, options?: CallOptions): Promise<DomainCheckpoint> {
    const args = { checkpoint: this.#checkpoint, flags };
    const { checkpoint } = await this.#rpc.call(p.DOMAIN_CHECKPOINT_GET_PARENT, args, options);
    return new DomainCheckpoint(this.#rpc, checkpoint);
  }

  /** Those made after it; flag 1 for all generations. Since libvirt 5.6.0. */
  async listAllChildren(flags = 0, options?: CallOptions): Promise<DomainCheckpoint[]> {
    const args = { checkpoint: this.#checkpoint, needResults: true, flags };
    const procedure = p.DOMAIN_CHECKPOINT_LIST_ALL_CHILDREN;
    const { checkpoints } = await this.#rpc.call(procedure, args, options);
    return checkpoints.map((handle) => new DomainCheckpoint(this.#rpc, handle));
  }
}
