import type { Usage } from '../../../../src-contract/model/department.ts';
import type { Finding } from '../../../../src-contract/model/error.ts';
import { quotaDemand, quotaFindings, quotaLeft } from '../../domain/quota.ts';
import { BerthError } from '../../errors.ts';
import type { Store } from '../../ports/repositories.ts';
import type { Check, CheckInput, DepartmentQuota } from './check-input.ts';

type Departments = Pick<Store, 'departments'>;

/** Throws `department_missing`. */
export function departmentQuota({ departments }: Departments, id: string): DepartmentQuota {
  const record = departments.get(id);
  if (record === null) {
    throw new BerthError('department_missing', 'There is no such department.', {
      hint: 'Choose another department.',
    });
  }
  return { name: record.name, quota: record.quota, used: departments.usage(id) };
}

export const checkQuota: Check = ({ wish, claims }) =>
  claims.quota === null ? [] : quotaFindings(claims.quota, claims.quota.used, quotaDemand(wish));

/**
 * The limits that `asked` more would break, by what is stored now. Whoever claims looks inside the transaction of the
 * claim (`store.departments.atomically`, `store.reservations.reserve`). Throws `department_missing`.
 */
export function findOverQuota(store: Departments, departmentId: string, asked: Usage): Finding[] {
  const department = departmentQuota(store, departmentId);
  return quotaFindings(department, department.used, asked);
}

/** For the receipt; null when the claim has been made already. */
export function quotaAfter({ wish, claims }: CheckInput) {
  if (claims.quota === null) return null;
  const { name, quota, used } = claims.quota;
  const asked = quotaDemand(wish);
  return {
    department: name,
    limits: quota,
    leftAfter: quotaLeft(quota, {
      machines: used.machines + asked.machines,
      vcpus: used.vcpus + asked.vcpus,
      memoryBytes: used.memoryBytes + asked.memoryBytes,
      diskBytes: used.diskBytes + asked.diskBytes,
      gpus: used.gpus + asked.gpus,
    }),
  };
}
