import type { Usage } from '../../../../src-contract/model/department.ts';
import type { Finding } from '../../../../src-contract/model/error.ts';
import {
  quotaDemand,
  quotaFindings,
  quotaFits,
  quotaLeft,
  timesUsage,
} from '../../domain/quota.ts';
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

export const checkQuota: Check = ({ wish, claims, count }) => {
  if (claims.quota === null) return [];
  const { quota, used } = claims.quota;
  const one = quotaDemand(wish);
  const findings = quotaFindings(claims.quota, used, timesUsage(one, count));
  const fits = quotaFits(quota, used, one);
  return fits < 1 || fits >= count
    ? findings
    : findings.map((each) => ({ ...each, ...make(fits) }));
};

const make = (count: number): Pick<Finding, 'fix'> => ({
  fix: { action: 'set-field', label: `Make ${count}`, field: 'count', value: count },
});

/**
 * The limits that `asked` more would break, by what is stored now. Whoever claims looks inside the transaction of the
 * claim (`store.departments.atomically`, `store.reservations.reserve`). Throws `department_missing`.
 */
export function findOverQuota(store: Departments, departmentId: string, asked: Usage): Finding[] {
  const department = departmentQuota(store, departmentId);
  return quotaFindings(department, department.used, asked);
}

/** For the receipt; null when the claim has been made already. */
export function quotaAfter({ wish, claims, count }: CheckInput) {
  if (claims.quota === null) return null;
  const { name, quota, used } = claims.quota;
  const asked = timesUsage(quotaDemand(wish), count);
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
