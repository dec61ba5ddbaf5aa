import type { InvokeChannel, InvokeHandlers } from '../../src-contract/derive.ts';
import type { DepartmentNetworking } from '../core/lifecycle/department-networking.ts';
import type { DepartmentService } from '../core/lifecycle/departments.ts';
import { nothing } from './nothing.ts';

type DepartmentChannel = Extract<InvokeChannel, `departments.${string}`>;

export function departmentHandlers(
  departments: DepartmentService,
  networking: DepartmentNetworking,
): Pick<InvokeHandlers, DepartmentChannel> {
  return {
    'departments.list': () => departments.list(),
    'departments.get': ({ departmentId }) => departments.get(departmentId),
    'departments.create': (draft) => networking.create(draft),
    'departments.update': ({ departmentId, change }) => networking.update(departmentId, change),
    'departments.quota': ({ departmentId, quota }) => departments.setQuota(departmentId, quota),
    'departments.delete': nothing(({ departmentId }) => networking.remove(departmentId)),
    'departments.setMember': nothing(({ departmentId, member }) =>
      departments.setMember(departmentId, member),
    ),
    'departments.removeMember': nothing(({ departmentId, member }) =>
      departments.removeMember(departmentId, member),
    ),
  };
}
