import type { FilterOwner, FilterPolicy } from '../../../src-contract/model/filter.ts';

/** What Berth told libvirt, and how it is called there. Name and UUID never change once they are given. */
export interface FilterRecord {
  owner: FilterOwner;
  name: string;
  uuid: string;
  /** A machine's own; null for a department's, which its own record has. */
  policy: FilterPolicy | null;
  /** What libvirt was told last and gave back as told; null = nothing. */
  appliedXml: string | null;
  /** Milliseconds since the epoch; null = libvirt has none. */
  appliedAt: number | null;
}

export interface FilterRepository {
  list(): FilterRecord[];
  get(owner: FilterOwner): FilterRecord | null;
  save(record: FilterRecord): void;
  remove(owner: FilterOwner): void;
}
