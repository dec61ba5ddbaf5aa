import type {
  DepartmentNetwork,
  Member,
  Quota,
  Usage,
} from '../../../src-contract/model/department.ts';
import type { FilterPolicy } from '../../../src-contract/model/filter.ts';

/** What is stored of a department; how much it uses is computed. */
export interface DepartmentRecord {
  id: string;
  name: string;
  description: string;
  members: Member[];
  quota: Quota;
  network: DepartmentNetwork;
  filter: FilterPolicy;
  createdAt: number;
}

export type DepartmentFields = Omit<DepartmentRecord, 'id' | 'members' | 'createdAt'>;

/** Everything here is synchronous (SQLite). Names are compared NFC-normalised and without case. */
export interface DepartmentRepository {
  /** By name, the personal one first. */
  list(): DepartmentRecord[];
  get(id: string): DepartmentRecord | null;
  /** Throws `department_name_taken`. */
  insert(record: DepartmentRecord): void;
  /** Fields that are left out stay. Throws `department_name_taken`. */
  update(id: string, change: Partial<DepartmentFields>): void;
  /** In one transaction with the look for machines in it: throws `department_in_use`. */
  remove(id: string): void;
  /** Adds a member, or changes the role of one. */
  setMember(id: string, member: Member): void;
  removeMember(id: string, member: Pick<Member, 'kind' | 'name'>): void;
  /** What its machines hold, those that are being made included. */
  usage(id: string): Usage;
  /** Runs `body` in one transaction that holds the write lock from its start; a throw rolls it back. */
  atomically<T>(body: () => T): T;
}
