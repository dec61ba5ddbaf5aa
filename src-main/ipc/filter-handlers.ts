import type { InvokeHandlers } from '../../src-contract/derive.ts';
import type { DepartmentNetworking } from '../core/lifecycle/department-networking.ts';
import type { FilterService } from '../core/lifecycle/filters.ts';

type FilterChannel = 'filters.list' | 'filters.get' | 'filters.check' | 'filters.set';

export function filterHandlers(
  filters: FilterService,
  networking: DepartmentNetworking,
): Pick<InvokeHandlers, FilterChannel> {
  return {
    'filters.list': () => filters.list(),
    'filters.get': ({ owner }) => filters.get(owner),
    'filters.check': ({ owner, policy }) => filters.check(owner, policy),
    'filters.set': async ({ owner, policy }) => {
      if (owner.kind === 'department') await networking.update(owner.id, { filter: policy });
      else await filters.setMachine(owner.id, policy);
      return filters.get(owner);
    },
  };
}
