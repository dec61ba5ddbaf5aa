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

  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { snap: this.#snap, flags };
    return (await this.#rpc.call(p.DOMAIN_SNAPSHOT_GET_XML_DESC, args, options)).xml;
  }

  /** @throws LibvirtError `isNoDomainSnapshot` for a root. */
  async getParent(flags = 0, options?: CallOptions): Promise<DomainSnapshot> {
    const args = { snap: this.#snap, flags };
    const { snap } = await this.#rpc.call(p.DOMAIN_SNAPSHOT_GET_PARENT, args, options);
    return new DomainSnapshot(this.#rpc, snap);
  }

  async listAllChildren(flags = 0, options?: CallOptions): Promise<DomainSnapshot[]> {
    const args = { snap: this.#snap, needResults: true, flags };
    const { snapshots } = await this.#rpc.call(p.DOMAIN_SNAPSHOT_LIST_ALL_CHILDREN, args, options);
    return snapshots.map((handle) => new DomainSnapshot(this.#rpc, handle));
  }

  async isCurrent(flags = 0, options?: CallOptions): Promise<boolean> {
    const args = { snap: this.#snap, flags };
    return (await this.#rpc.call(p.DOMAIN_SNAPSHOT_IS_CURRENT, args, options)).current;
  }

  /** Whether libvirt keeps a description of it, beside what the disk image knows. Since libvirt 0.9.13. */
  async hasMetadata(flags = 0, options?: CallOptions): Promise<boolean> {
    const args = { snap: this.#snap, flags };
    return (await this.#rpc.call(p.DOMAIN_SNAPSHOT_HAS_METADATA, args, options)).metadata;
  }

  /** virDomainRevertToSnapshot; see DomainSnapshotRevertFlags. */
  async revert(flags = 0, options?: CallOptions): Promise<void> {
    await this.#rpc.call(p.DOMAIN_REVERT_TO_SNAPSHOT, { snap: this.#snap, flags }, options);
  }

  /** See DomainSnapshotDeleteFlags. */
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

  async getXMLDesc(flags = 0, options?: CallOptions): Promise<string> {
    const args = { checkpoint: this.#checkpoint, flags };
    return (await this.#rpc.call(p.DOMAIN_CHECKPOINT_GET_XML_DESC, args, options)).xml;
  }

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
