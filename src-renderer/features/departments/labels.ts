import type { Quota, Role } from '../../../src-contract/model/department.ts';
import type { FilterPreset } from '../../../src-contract/model/filter.ts';

export const ROLE_LABELS: Record<Role, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  manager: 'Manager',
  owner: 'Owner',
};

export const PRESET_LABELS: Record<FilterPreset, string> = {
  'allow-all': 'Everything',
  'allow-outbound': 'Only connections that machines open',
  'internet-only': 'Only web, DNS and time',
  'block-all': 'Nothing',
  'allow-all-but-services': 'Everything but SSH, SMB and databases',
};

export const RESOURCE_LABELS: Record<keyof Quota, string> = {
  machines: 'Machines',
  vcpus: 'CPUs',
  memoryBytes: 'Memory',
  diskBytes: 'Disk',
  gpus: 'Graphics cards',
};
